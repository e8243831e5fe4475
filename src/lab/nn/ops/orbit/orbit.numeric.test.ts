/** The orbit head's hidden layer on every backend; with several threads: cli/node/numeric.test.ts. */
import { describeOnBackends } from '../../../testing/backends';
import { orbitSuite } from '../../../testing/numeric/orbits';

describeOnBackends('the orbit layer', orbitSuite);
