/**
 * Runs a recipe on a dataset: each stage yields its events, leaves one record (and maybe a model), and is kept
 * by the host's store as soon as it is finished, so that a second run with the same store resumes.
 */

import type { SplitName } from '../data/dataset';
import { totalCost } from '../evaluate/cost';
import { rotationCheck } from '../evaluate/rotation';
import { requireHidden } from '../families/units';
import type { AnyModel } from '../nn/model';
import { quantisationCheck } from '../quantize/check';
import { quantiseModel } from '../quantize/quantise';
import { secondsSince } from '../runtime/stopwatch';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import type { RunStore, StageRecord } from '../stage/store';
import { distilStage, type Learned, trainStage } from './learning';
import { distilName, planStages, quantiseName, rotateName } from './plan';
import type { Prepared } from './prepare';
import { pruneFieldsStage, pruneStage } from './pruning';
import { freshModel, type Run } from './run';
import type { Recipe, RecipeStage } from './schema';
import { studyStage } from './study';

export interface RunReport {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly data: {
    readonly name: string;
    readonly title: string;
    readonly synthetic: boolean;
    readonly size: number;
    readonly classes: readonly string[];
    readonly splits: Readonly<Record<SplitName, number>>;
  };
  readonly stages: readonly StageRecord[];
}

/** Runs every stage not finished yet. */
export async function* runRecipe(prepared: Prepared, store: RunStore): Stage<RunReport> {
  const { recipe, dataset, splits } = prepared;
  const run: Run = { ...prepared, store };
  const records: StageRecord[] = [];
  let model: AnyModel | undefined;
  for (const { stage, suffix } of planStages(recipe)) {
    yield { type: 'stage-started', stage: stage.kind, detail: `${recipe.name} on ${dataset.title}` };
    if (stage.kind === 'train') {
      const trained = yield* trainStage(run, stage.settings);
      model = trained.model;
      records.push(trained.record);
    } else {
      const start = model ?? freshModel(run);
      if (stage.kind === 'rotate') {
        records.push(yield* rotateStage(run, start, stage, rotateName(stage, suffix)));
      } else if (stage.kind === 'prune') {
        records.push(...(yield* pruneStage(run, requireHidden(start), stage, suffix)));
      } else if (stage.kind === 'prune-fields') {
        records.push(...(yield* pruneFieldsStage(run, requireHidden(start), stage, suffix)));
      } else if (stage.kind === 'study') {
        records.push(...(yield* studyStage(run, requireHidden(start), stage, suffix)));
      } else {
        const made = yield* stage.kind === 'distil'
          ? distilStage(run, requireHidden(start), stage, distilName(suffix))
          : quantiseStage(run, start, stage, quantiseName(stage, suffix));
        model = made.model;
        records.push(made.record);
      }
    }
    yield { type: 'stage-finished', stage: stage.kind, summary: records.at(-1)! };
  }
  const { name, title, synthetic, size, classes } = dataset;
  const counts = { train: splits.train.length, val: splits.val.length, test: splits.test.length };
  return {
    recipe,
    seed: recipe.seed,
    data: { name, title, synthetic, size, classes, splits: counts },
    stages: records,
  };
}

/** The network of an unfinished training run: the best epoch so far. */
export function bestSoFar(prepared: Prepared, { best }: Pick<FitCheckpoint, 'best'>): AnyModel {
  return { ...freshModel(prepared), params: best };
}

async function* rotateStage(
  { dataset, splits, store }: Run,
  start: AnyModel,
  stage: Extract<RecipeStage, { kind: 'rotate' }>,
  name: string,
): Stage<StageRecord> {
  const done = await store.loadStage(name);
  if (done) return done.record;
  const began = performance.now();
  const model = await networkOf(store, stage.from, start);
  const { upright, ...check } = yield* rotationCheck(model, dataset, splits[stage.split], stage.angles);
  const accuracy = check.angles.find(({ degrees }) => degrees === 0)?.accuracy ?? check.angles[0].accuracy;
  const record = {
    name,
    accuracy,
    ...totalCost(model.arch),
    seconds: secondsSince(began),
    split: stage.split,
    from: stage.from,
    ...check,
    ...(stage.answers && { answers: Array.from(upright) }),
  };
  await store.saveStage(record);
  return record;
}

/** The network a stage works on: the one left under a name, or the one at hand. */
async function networkOf(store: RunStore, from: string | undefined, atHand: AnyModel): Promise<AnyModel> {
  if (from === undefined) return atHand;
  const model = (await store.loadStage(from))?.model;
  if (!model) throw new Error(`The store has lost the network of "${from}".`);
  return model;
}

async function* quantiseStage(
  { dataset, splits, store }: Run,
  start: AnyModel,
  { layers, range, from }: Extract<RecipeStage, { kind: 'quantise' }>,
  name: string,
): Stage<Learned> {
  const done = await store.loadStage(name);
  if (done?.model) return { record: done.record, model: done.model };
  const began = performance.now();
  const float = await networkOf(store, from, start);
  const model = quantiseModel(float, { layers, range });
  const { after, ...check } = yield* quantisationCheck(float, model, dataset, splits.val);
  const record = { name, ...after, seconds: secondsSince(began), layers, range, from, ...check };
  await store.saveStage(record, model);
  return { record, model };
}
