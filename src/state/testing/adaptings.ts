/** Any adapting the form can hold, for property tests. */
import fc from 'fast-check';
import { PENALTY_IDS } from '../../lab/adapt/penalties/names';
import { ADAPT_GROUPS } from '../../lab/adapt/settings';
import { type AdaptingPlan, SEED_COUNTS, SHARES } from '../adapt/plan';

const tick = fc.constantFrom('no' as const, 'yes' as const);
const lambda = fc.constantFrom(0, 0.001, 0.03, 0.1, 1, 10, 250);

export const adaptings: fc.Arbitrary<AdaptingPlan> = fc.record({
  network: fc.constantFrom('synthetic-base-small', 'file:00ff', 'run:12-34:finetune l2 50%'),
  data: fc.constantFrom('synthetic', 'eurosat'),
  group: fc.constantFrom(...ADAPT_GROUPS),
  penalty: fc.constantFrom(...PENALTY_IDS),
  choose: fc.constantFrom('folds', 'one'),
  lambda,
  values: fc.uniqueArray(lambda, { minLength: 2, maxLength: 4 }).map((values) => values.join(', ')),
  folds: fc.integer({ min: 2, max: 10 }),
  by: fc.constantFrom('upright', 'moved'),
  share: fc.constantFrom(...SHARES),
  epochs: fc.integer({ min: 1, max: 1000 }),
  batch: fc.integer({ min: 1, max: 1024 }),
  rate: fc.integer({ min: 1, max: 1000 }).map((n) => n / 1000),
  seed: fc.integer({ min: 0, max: 0xffff_fff0 }),
  seeds: fc.constantFrom(...SEED_COUNTS),
  project: tick,
  finetuned: tick,
  augmented: tick,
  constructed: tick,
});
