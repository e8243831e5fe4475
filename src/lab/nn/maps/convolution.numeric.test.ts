/** Group convolution in the form that runs, on every backend; with several threads: cli/node/numeric.test.ts. */
import { describeOnBackends } from '../../testing/backends';
import { convolutionSuite } from '../../testing/numeric/convolutions';

describeOnBackends('group convolution', convolutionSuite);
