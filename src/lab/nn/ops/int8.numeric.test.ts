/** The integer product on every backend; with several threads: cli/node/numeric.test.ts. */
import { describe } from 'vitest';
import { describeOnBackends } from '../../testing/backends';
import { integerSuite } from '../../testing/numeric/integers';
import { cases } from '../../testing/properties';

describeOnBackends('the integer product', (backend) => {
  describe('in integers', () => integerSuite(backend === 'webgpu' ? cases(60, 6) : undefined));
});
