/** A finished pipeline for tests, with figures of everyday size. */
import { planRecipe } from '../../lab/recipe/plan';
import type { EpochRecord } from '../../lab/stage/history';
import type { StageRecord } from '../../lab/stage/store';
import type { RunRow } from '../../storage/rows';
import { DEFAULT_PIPELINE, type PipelinePlan, recipeOfPipeline } from '../pipeline/pipeline';
import { trainingRow } from './runs';

const epochs = (best: number): EpochRecord[] =>
  [best - 0.1, best, best - 0.05].map((accuracy, i) => ({
    epoch: i + 1,
    loss: 1,
    accuracy,
    validationLoss: 1,
    learningRate: 0.01,
    seconds: 2,
  }));

const cost = (params: number, bytes: number) => ({ params, bytes, exported: 4 * bytes, macs: 1_000_000 });
const turns = { changed: 0, undecided: 2 };
const four = (accuracy: number) => [0, 90, 180, 270].map((degrees) => ({ degrees, accuracy }));
const errors = [
  { layer: 'block1', max: 1 },
  { layer: 'logits', max: 2e-7 },
];
const rotated = (accuracy: number) => ({
  n: 240,
  angles: four(accuracy),
  equivarianceError: errors,
  ...turns,
});

/** What each kind of stage would say, whatever it is called. */
const OWN: Readonly<Record<string, object>> = {
  train: { accuracy: 0.8, ...cost(50_000, 200_000), epochs: epochs(0.8), stop: 'epochs' },
  distil: { accuracy: 0.75, ...cost(40_000, 160_000), epochs: epochs(0.75), stop: 'epochs' },
  prune: {
    ...{ accuracy: 0.44, ...cost(30_000, 120_000), ...turns, error: 3e-7, units: 90, dead: 7 },
    ...{ turned: [0.44, 0.44, 0.44, 0.44], kept: Array.from({ length: 45 }, (_, i) => i) },
  },
  finetune: {
    ...{
      accuracy: 0.745,
      ...cost(30_000, 120_000),
      ...turns,
      error: 3e-7,
      turned: [0.745, 0.745, 0.745, 0.745],
    },
    ...{ triggered: true, baseline: 0.75, start: 0.44, stop: 'excellent', epochs: epochs(0.745) },
  },
  quantise: {
    ...{
      accuracy: 0.75,
      ...cost(30_000, 85_000),
      ...turns,
      turned: [0.75, 0.75, 0.75, 0.75],
      unchanged: 0.992,
    },
    ...{ equivarianceError: errors, before: cost(30_000, 120_000) },
  },
  'check val': { accuracy: 0.8, ...cost(50_000, 200_000), ...rotated(0.8) },
  'check test': { accuracy: 0.7, ...cost(30_000, 85_000), ...rotated(0.7) },
};

/** A pipeline with its first `done` records; all of them unless told otherwise. */
export function pipelineRow(
  changes: Partial<RunRow> = {},
  plan: Partial<PipelinePlan> = {},
  done = Number.POSITIVE_INFINITY,
): RunRow {
  const recipe = recipeOfPipeline({ ...DEFAULT_PIPELINE, ...plan });
  const records = planRecipe(recipe)
    .slice(0, done)
    .map(({ name, kind, step, input }): StageRecord => {
      const own = OWN[step.kind === 'check' ? `check ${step.part}` : kind];
      const from = input && 'name' in input ? { from: input.name } : {};
      return { name, kind, ...from, seconds: 1, ...own } as unknown as StageRecord;
    });
  return {
    ...trainingRow('pipeline'),
    kind: 'pipeline',
    status: 'done',
    recipe,
    records,
    history: epochs(0.8),
    tiles: { train: 720, val: 240, test: 240 },
    ...changes,
  };
}
