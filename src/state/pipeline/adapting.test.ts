import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PENALTY_IDS } from '../../lab/adapt/penalties/names';
import { ADAPT_GROUPS } from '../../lab/adapt/settings';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { fingerprintOf } from '../../lab/files/fingerprint';
import { prepare } from '../../lab/recipe/prepare';
import { shakenModel, tinyDataset } from '../../lab/testing/tiny';
import { recipeProblem } from '../train/plan';
import { type AdaptingPlan, DEFAULT_ADAPTING, recipeOfAdapting, SHARES } from './adapting';

const model = {
  ...shakenModel(namedArch('base-small', { classes: 3, size: 8, hidden: 8 }), 2),
  classes: ['x', 'y', 'z'],
};
const begin = { name: 'plain, trained', given: { model, fingerprint: fingerprintOf(model) }, split: null };
const dataset = tinyDataset(40);
const more = { seed: 4, batch: 16 };
const recipeFor = (plan: Partial<AdaptingPlan>) =>
  recipeOfAdapting({ ...DEFAULT_ADAPTING, ...plan }, begin, more);

test('whatever the form says is a recipe that fits the network and the tiles', () => {
  const plans = fc.record({
    group: fc.constantFrom(...ADAPT_GROUPS),
    penalty: fc.constantFrom(...PENALTY_IDS),
    choose: fc.constantFrom('one' as const, 'folds' as const),
    share: fc.constantFrom(...SHARES.slice(0, 2)),
    folds: fc.constant(2),
    project: fc.boolean(),
    beside: fc.boolean(),
  });
  fc.assert(
    fc.property(plans, (plan) => {
      const recipe = recipeFor(plan);
      const { planned, splits } = prepare(recipe, dataset, [begin.given]);
      const names = recipe.stages.map(({ name }) => name);
      expect(names.includes('projected')).toBe(plan.project);
      expect(names.includes('by construction')).toBe(plan.beside);
      expect(planned.filter(({ kind }) => kind === 'adapt-fold')).toHaveLength(
        plan.choose === 'folds' ? 6 : 0,
      );
      expect(splits.train.length).toBe(plan.share === '1' ? 72 : 6);
    }),
    { numRuns: 15 },
  );
});

test('what does not fit stands beside the button, in words', () => {
  const data = { ...dataset, id: 'tiny', counts: [40, 40, 40], official: false };
  const problem = (plan: Partial<AdaptingPlan>) =>
    recipeProblem(() => recipeFor(plan), 'tiny', data as never, [begin.given]);
  expect(problem({})).toBeNull();
  expect(problem({ values: '0, much' })).toBe(
    'λ by folds needs at least two numbers such as 0, 0.1, 1, not “0, much”.',
  );
  expect(problem({ share: '0.05' })).toMatch(/has 1 training tile, too few for 3 folds/);
});
