import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecipe } from '../../lab/recipe/parse';
import { planRecipe } from '../../lab/recipe/plan';
import { pipelines } from '../testing/pipelines';
import { planData as data } from '../testing/plans';
import { type PlanData, recipeProblem } from '../train/plan';
import {
  beginPipeline,
  changePipeline,
  closeRecipe,
  DEFAULT_PIPELINE,
  openRecipe,
  pipelineOf,
  recipeOfPipeline,
  repeatRecipe,
  usePipeline,
} from './pipeline';

test('a form comes back from its recipe, and from the recipe as a file', () => {
  fc.assert(
    fc.property(pipelines, (plan) => {
      const recipe = recipeOfPipeline(plan);
      expect(pipelineOf(recipe, plan.data)).toEqual(plan);
      expect(pipelineOf(parseRecipe(JSON.parse(JSON.stringify(recipe))), plan.data)).toEqual(plan);
    }),
  );
});

test('every form is a recipe whose stages can follow each other', () => {
  fc.assert(
    fc.property(pipelines, (plan) => {
      const kinds = planRecipe(recipeOfPipeline(plan)).map(({ kind }) => kind);
      const student = plan.hidden > 0 ? ['distil', 'check'] : [];
      const fields = plan.fieldShare > 0 ? ['prune-fields', 'finetune'] : [];
      const pruning = [...fields, 'prune', 'finetune'];
      expect(kinds).toEqual(['train', 'check', ...student, ...pruning, 'quantise', 'check']);
    }),
  );
});

test('a recipe that says more than the form is not squeezed into it', () => {
  const recipe = recipeOfPipeline(DEFAULT_PIPELINE);
  expect(pipelineOf({ ...recipe, arch: { ...recipe.arch, dropout: 0.9 } }, 'synthetic')).toBeNull();
  expect(pipelineOf({ ...recipe, stages: recipe.stages.slice(0, 2) }, 'synthetic')).toBeNull();
  repeatRecipe({ ...recipe, stages: recipe.stages.slice(0, 2) }, 'mine', 'old one');
  expect(usePipeline.getState()).toMatchObject({ opened: { file: 'old one' }, plan: { data: 'mine' } });
  repeatRecipe(recipe, 'mine', 'old one');
  expect(usePipeline.getState()).toMatchObject({ opened: null, plan: { ...DEFAULT_PIPELINE, data: 'mine' } });
});

test('from a network at hand nothing is removed unasked, and a recipe that fills the form takes its place', () => {
  changePipeline({ fieldShare: 0.3, ratio: 0.5 });
  beginPipeline({ name: 'mine', given: { model: {}, fingerprint: 'f' } as never, split: null }, null);
  expect(usePipeline.getState().plan).toMatchObject({ fieldShare: 0, ratio: 0 });
  repeatRecipe(recipeOfPipeline(DEFAULT_PIPELINE), 'synthetic', 'whole');
  expect(usePipeline.getState()).toMatchObject({ begin: null, plan: DEFAULT_PIPELINE });
});

test('a newly chosen design brings a student of its own size', () => {
  changePipeline({ arch: 'tiny' });
  expect(usePipeline.getState().plan).toMatchObject({ arch: 'tiny', hidden: 6 });
  changePipeline({ arch: 'base', hidden: 7 });
  expect(usePipeline.getState().plan.hidden).toBe(7);
});

test('what cannot be run is told in words before anything runs', () => {
  const problem = (changes: object, on: PlanData | undefined = data) =>
    recipeProblem(() => recipeOfPipeline({ ...DEFAULT_PIPELINE, ...changes }), 'here', on);
  expect(problem({})).toBeNull();
  expect(problem({ arch: 'tiny', hidden: 0 })).toBeNull();
  expect(recipeProblem(() => recipeOfPipeline(DEFAULT_PIPELINE), 'gone', undefined)).toContain(
    '"gone" is not kept in this browser',
  );
  expect(problem({}, { ...data, size: 48 })).toContain('do not shrink evenly to 32×32');
  expect(problem({}, { ...data, counts: [18, 2] })).toContain('three tiles');
  const stages = [{ kind: 'distil' as const, student: {} }];
  expect(
    recipeProblem(
      () => parseRecipe({ version: 1, name: 'x', arch: { id: 'tiny' }, stages }),
      'synthetic',
      data,
    ),
  ).toContain('needs a teacher');
});

test('a recipe file takes the place of the form, or is refused by what does not fit', async () => {
  const file = (text: string) => new File([text], 'mine.json');
  const { refusal } = await opened('{"version": 1');
  expect(refusal).toContain('mine.json was not opened. It is not JSON.');
  expect((await opened('{"version": 3}')).refusal).toContain('"version" does not fit');
  expect((await opened('[]')).refusal).toContain('not a recipe');
  expect(usePipeline.getState().opened).toBeNull();
  const recipe = recipeOfPipeline({ ...DEFAULT_PIPELINE, seed: 5 });
  const twice = await opened(JSON.stringify(recipe).replace('{', '{"se\\u0065d": 6, '));
  expect(twice).toMatchObject({ opened: null });
  expect(twice.refusal).toMatch(/^mine\.json was not opened\. It says "seed" twice/);
  expect(await opened(JSON.stringify(recipe))).toMatchObject({
    opened: { file: 'mine.json', recipe },
    refusal: null,
  });
  closeRecipe();
  expect(usePipeline.getState().opened).toBeNull();

  async function opened(text: string) {
    await openRecipe(file(text));
    return usePipeline.getState();
  }
});
