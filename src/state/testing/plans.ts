/** Any plan the form can hold, for property tests. */

import fc from 'fast-check';
import { HEAD_KINDS } from '../../lab/families/gcnn/arch';
import { GROUP_NAMES } from '../../lab/symmetry/group';
import { AUGMENTS, BALANCE_CHOICES, chosenWays, DESIGN_IDS, NO_HEAD, ownChoices } from '../train/designs';
import type { Plan, PlanData } from '../train/plan';

export const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** A data set that every default can be trained on. */
export const planData: PlanData = {
  id: 'synthetic',
  title: 'Some tiles',
  synthetic: true,
  classes: ['a', 'b'],
  counts: [10, 10],
  official: null,
  size: 64,
  count: 20,
};

const all: fc.Arbitrary<Plan> = fc.record({
  data: fc.string({ minLength: 1 }),
  arch: fc.constantFrom(...DESIGN_IDS),
  group: fc.constantFrom(...GROUP_NAMES),
  head: fc.constantFrom(...HEAD_KINDS),
  // Patches of a transformer fill every one of these.
  size: fc.integer({ min: 1, max: 64 }).map((eighths) => 8 * eighths),
  bands: fc.oneof(
    fc.constantFrom('all', 'rgb'),
    fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 16 }).map(String),
  ),
  seed: seeds,
  splitSeed: seeds,
  epochs: fc.integer({ min: 1, max: 1000 }),
  batch: fc.integer({ min: 1, max: 1024 }),
  rate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  augment: fc.subarray([...AUGMENTS]).map(chosenWays),
  balance: fc.constantFrom(...BALANCE_CHOICES),
  patience: fc.integer({ min: 1, max: 1000 }),
});

/** A design without a head to choose has none. */
export const plans: fc.Arbitrary<Plan> = all.map((plan) =>
  ownChoices(plan.arch).head === NO_HEAD ? { ...plan, head: NO_HEAD } : plan,
);
