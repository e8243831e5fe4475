import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyNamedArch } from '../../lab/families/anyArch';
import { parseRecipe } from '../../lab/recipe/parse';
import { planRecipe } from '../../lab/recipe/plan';
import { pipelines } from '../testing/pipelines';
import { planData as data } from '../testing/plans';
import { type PlanData, recipeProblem } from '../train/plan';
import {
  type Begin,
  beginPipeline,
  changePipeline,
  closeRecipe,
  DEFAULT_PIPELINE,
  openRecipe,
  pipelineOf,
  recipeFrom,
  recipeOfPipeline,
  repeatRecipe,
  trainAnew,
  usePipeline,
  worksOnBlocks,
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
      const pruning = worksOnBlocks(plan, null)
        ? ['prune-blocks', 'finetune']
        : [...fields, 'prune', 'finetune'];
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
  beginPipeline(
    {
      name: 'mine',
      given: { model: { arch: anyNamedArch('tiny') }, fingerprint: 'f' } as never,
      split: null,
    },
    null,
  );
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

test('a transformer brings VBP, and a network of convolutions the paper’s way again', () => {
  usePipeline.setState({ plan: DEFAULT_PIPELINE, begin: null });
  changePipeline({ arch: 'vit-small', fieldShare: 0.2 });
  const { plan } = usePipeline.getState();
  expect(plan).toMatchObject({ hidden: 0, method: 'variance', compensation: 'mean', scope: 'network' });
  expect(recipeProblem(() => recipeOfPipeline(plan), 'here', data)).toBeNull();
  const blocks = recipeOfPipeline(plan).stages.filter(({ kind }) => kind !== 'check');
  expect(blocks).toMatchObject([
    { kind: 'train', settings: { decoupled: true } },
    { kind: 'prune-blocks', units: 'mlp', ranking: 'network', ratio: 0.5, method: 'variance' },
    { kind: 'finetune', settings: { scope: 'network', epochs: 10, distil: { alpha: 0.5 } } },
    { kind: 'quantise' },
  ]);
  changePipeline({ arch: DEFAULT_PIPELINE.arch });
  expect(usePipeline.getState().plan).toEqual({ ...DEFAULT_PIPELINE, fieldShare: 0 });
});

test('a transformer at hand is pruned in its blocks, whatever design the form had', () => {
  usePipeline.setState({ plan: DEFAULT_PIPELINE, begin: null });
  const model = { arch: anyNamedArch('c4-vit-small') } as Begin['given']['model'];
  const begin = { name: 'mine', given: { model, fingerprint: 'f'.repeat(32) }, split: null };
  beginPipeline(begin, null);
  const { plan } = usePipeline.getState();
  expect(plan).toMatchObject({ method: 'variance', compensation: 'mean', ratio: 0 });
  const kinds = (ratio: number) => recipeFrom({ ...plan, ratio }, begin).stages.map(({ kind }) => kind);
  expect(kinds(0.5)).toEqual(['prune-blocks', 'finetune', 'quantise', 'check']);
  expect(kinds(0)).toEqual(['quantise', 'check']);
  trainAnew();
  expect(usePipeline.getState().plan).toEqual(DEFAULT_PIPELINE);
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
