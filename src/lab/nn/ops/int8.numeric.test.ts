/** The integer product on every backend that has integers; with several threads: cli/node/numeric.test.ts. */
import { describe, test } from 'vitest';
import { describeOnBackends } from '../../testing/backends';
import { integerSuite } from '../../testing/numeric/integers';

describeOnBackends('the integer product', (backend) => {
  if (backend === 'cpu' || backend === 'wasm') describe('in integers', integerSuite);
  // What holds there is in quantise.numeric.test.ts.
  else test.skip('holds its integers in floats', () => {});
});
