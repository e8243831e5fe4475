import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { fingerprintOf } from '../../lab/files/fingerprint';
import { planRecipe } from '../../lab/recipe/plan';
import { prepare } from '../../lab/recipe/prepare';
import { checkRecipe } from '../../lab/recipe/schema';
import { shakenModel, tinyDataset } from '../../lab/testing/tiny';
import { keptNet } from '../rotate/netRefs';
import { adaptings } from '../testing/adaptings';
import { type AdaptingPlan, type Begin, DEFAULT_ADAPTING } from './plan';
import { adaptingOf, adaptingProblem, aimOf, projectingStages, recipeOfAdapting, seedsOf } from './recipe';

const CLASSES = { classes: 3, size: 8, hidden: 8 } as const;

function begin(id: string, changes: Partial<Begin> = {}, own: object = {}): Begin {
  const model = { ...shakenModel(namedArch(id, { ...CLASSES, ...own }), 2), classes: ['x', 'y', 'z'] };
  const given = { model, fingerprint: fingerprintOf(model) };
  return { name: 'plain, trained', given, data: null, split: null, file: null, ...changes };
}

const plainNet = begin('base-small');
const dataset = tinyDataset(40);
const recipeFor = (plan: Partial<AdaptingPlan>) =>
  recipeOfAdapting({ ...DEFAULT_ADAPTING, ...plan }, plainNet);

test('whatever the form says is a recipe that fits the network and the tiles', () => {
  fc.assert(
    fc.property(adaptings, (given) => {
      const plan: AdaptingPlan = { ...given, share: given.share === '1' ? '1' : '0.1', folds: 2 };
      const recipe = recipeFor(plan);
      const { planned, splits } = prepare(recipe, dataset, [plainNet.given]);
      const seeds = Number(plan.seeds);
      const count = (kind: string) => planned.filter((each) => each.kind === kind).length;
      expect(count('project')).toBe(plan.project === 'yes' ? seeds : 0);
      expect(count('train')).toBe(plan.constructed === 'yes' ? seeds : 0);
      const values = plan.values.split(',').length;
      expect(count('adapt-fold')).toBe(plan.choose === 'folds' ? seeds * values * 2 : 0);
      const others = [plan.finetuned, plan.augmented].filter((tick) => tick === 'yes').length;
      expect(count('adapt')).toBe(seeds * (1 + others));
      expect(splits.train.length).toBe(plan.share === '1' ? 72 : 6);
      expect(seedsOf(recipe)).toHaveLength(seeds);
      // Each seed has its own draws.
      const adapted = planned.filter(
        ({ stage, kind }) => kind === 'adapt' && stage.name?.startsWith('adapted'),
      );
      expect(adapted.map(({ seed }) => seed)).toEqual(adapted.map((_, i) => plan.seed + i));
    }),
    { numRuns: 25 },
  );
});

test('a form comes back from its recipe', () => {
  fc.assert(
    fc.property(adaptings, (plan) => {
      const back = adaptingOf(recipeFor(plan), plan.data)!;
      // What is not used is as nobody changed it.
      const unused =
        plan.choose === 'one'
          ? { values: DEFAULT_ADAPTING.values, folds: DEFAULT_ADAPTING.folds, by: DEFAULT_ADAPTING.by }
          : { lambda: DEFAULT_ADAPTING.lambda };
      expect(back).toEqual({ ...plan, network: keptNet(plainNet.given.fingerprint), ...unused });
    }),
    { numRuns: 25 },
  );
});

test('a recipe without adapting has no form', () => {
  const recipe = checkRecipe({ version: 2, name: 'x', arch: { id: 'tiny' }, stages: [{ kind: 'train' }] });
  expect([adaptingOf(recipe, 'synthetic'), aimOf(recipe), projectingStages(recipe)]).toEqual([
    null,
    null,
    null,
  ]);
});

test('projecting what is adapted adds stages at the end, and leaves all others what they were', () => {
  for (const seeds of ['1', '3'] as const) {
    const recipe = recipeFor({ project: 'no', seeds });
    const longer = checkRecipe({ ...recipe, stages: [...recipe.stages, ...projectingStages(recipe)!] });
    const [before, after] = [planRecipe(recipe), planRecipe(longer)];
    expect(after.slice(0, before.length)).toEqual(before);
    const added = after.slice(before.length);
    expect(added.map(({ kind }) => kind)).toEqual(seedsOf(recipe).flatMap(() => ['project', 'check']));
    expect(added.filter(({ kind }) => kind === 'project').map(({ input }) => input)).toEqual(
      recipe.stages.flatMap(({ name }) => (name?.startsWith('adapted') ? [{ kind: 'step', name }] : [])),
    );
    expect(projectingStages(longer)).toBeNull();
  }
});

test('on its own tiles a network keeps its split, on others it has a new one', () => {
  const split = { seed: 7, train: 0.5, val: 0.25, test: 0.25 };
  const own = { ...plainNet, data: 'eurosat', split };
  const splitOn = (data: string) => recipeOfAdapting({ ...DEFAULT_ADAPTING, share: '0.1', data }, own).split;
  expect(splitOn('eurosat')).toEqual({ ...split, share: 0.1 });
  expect(splitOn('synthetic')).toEqual({ seed: 1, train: 0.6, val: 0.2, test: 0.2, share: 0.1 });
});

test('what does not fit stands beside the button, in words', () => {
  const data = { ...dataset, id: 'tiny', counts: [40, 40, 40], official: null };
  const problem = (plan: Partial<AdaptingPlan>, from: Begin = plainNet) =>
    adaptingProblem({ ...DEFAULT_ADAPTING, data: 'tiny', share: '1', ...plan }, from, data as never);
  expect(problem({})).toBeNull();
  expect(problem({ values: '0, much' })).toBe(
    'λ by folds needs two to twenty different numbers such as 0, 0.1, 1, not “0, much”.',
  );
  expect(problem({ values: '1, 1' })).toMatch(/different numbers/);
  expect(problem({ share: '0.05' })).toMatch(/has 1 training tile, too few for 3 folds/);
  expect(problem({}, begin('c4-twin-small'))).toBe(
    '“plain, trained” is equivariant under C4 by its design, and here a plain network is drawn towards equivariance: choose one of no group.',
  );
  // A head that reads its map position by position has no fields.
  expect(problem({}, begin('base-small', {}, { head: 'flat' }))).toMatch(/so its channels make no fields/);
  const flat = begin('base-small', {}, { head: 'flat' });
  expect(problem({ penalty: 'logits' }, flat)).toMatch(
    /so its channels make no fields: .* Without “Project it” it can be adapted\.$/,
  );
  expect(problem({ penalty: 'logits', project: 'no' }, flat)).toBeNull();
  const { model } = plainNet.given;
  const rounded = { ...model, int8: { layers: 'dense', range: 'tile' } } as unknown as typeof model;
  expect(problem({}, { ...plainNet, given: { ...plainNet.given, model: rounded } })).toMatch(
    /rounded to 8-bit integers and learns no more/,
  );
});
