/** What follows a convolution, in the form that runs, on every backend; with several threads: cli/node/numeric.test.ts. */
import { describeOnBackends } from '../../testing/backends';
import { layerSuite } from '../../testing/numeric/layers';

describeOnBackends('layers', layerSuite);
