/** Any plan the form can hold, for property tests. */

import fc from 'fast-check';
import { HEAD_KINDS } from '../../lab/families/gcnn/arch';
import { ARCH_IDS } from '../../lab/families/gcnn/zoo';
import { GROUP_NAMES } from '../../lab/symmetry/group';
import type { Plan } from '../train/plan';

export const seeds = fc.integer({ min: 0, max: 0xffffffff });

export const plans: fc.Arbitrary<Plan> = fc.record({
  data: fc.string({ minLength: 1 }),
  arch: fc.constantFrom(...ARCH_IDS),
  group: fc.constantFrom(...GROUP_NAMES),
  head: fc.constantFrom(...HEAD_KINDS),
  size: fc.integer({ min: 4, max: 512 }),
  seed: seeds,
  splitSeed: seeds,
  epochs: fc.integer({ min: 1, max: 1000 }),
  batch: fc.integer({ min: 1, max: 1024 }),
  rate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
});
