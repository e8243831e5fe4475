/** The stages that train a network from scratch: alone, or as the student of the network before it. */

import { totalCost } from '../evaluate/cost';
import type { GcnnModel } from '../families/gcnn/model';
import type { AnyModel } from '../nn/model';
import type { FitCheckpoint } from '../stage/checkpoint';
import type { Stage } from '../stage/events';
import { keepingCheckpoints, type StageRecord } from '../stage/store';
import { distilModel } from '../train/distil';
import type { FitResult } from '../train/fit';
import type { TrainSettings } from '../train/settings';
import { trainModel } from '../train/train';
import { studentArch } from './prepare';
import { freshModel, type Run } from './run';
import type { RecipeStage } from './schema';

export interface Learned {
  readonly record: StageRecord;
  readonly model: AnyModel;
}

type DistilStage = Extract<RecipeStage, { kind: 'distil' }>;

export function trainStage(run: Run, settings: TrainSettings): Stage<Learned> {
  const { recipe, dataset, splits } = run;
  const fresh = freshModel(run);
  return learning(run, 'train', fresh, {}, (resume) =>
    trainModel(fresh, dataset, splits, settings, recipe.seed, resume),
  );
}

export function distilStage(
  run: Run,
  teacher: GcnnModel,
  { student, settings }: DistilStage,
  name: string,
): Stage<Learned> {
  const { recipe, dataset, splits } = run;
  const fresh = freshModel(run, studentArch(run, student));
  const { alpha, temperature } = settings;
  const teacherCost = totalCost(teacher.arch);
  const own = { alpha, temperature, teacher: { arch: teacher.arch, ...teacherCost } };
  return learning(run, name, fresh, own, (resume) =>
    distilModel(teacher, fresh, dataset, splits, settings, recipe.seed, resume),
  );
}

/** Trains, keeps and reports, or gives back what was kept. `own` is the stage's own part of record and provenance. */
async function* learning(
  { store }: Run,
  name: string,
  fresh: AnyModel,
  own: Readonly<Record<string, unknown>>,
  begin: (resume?: FitCheckpoint) => Stage<FitResult>,
): Stage<Learned> {
  const done = await store.loadStage(name);
  if (done?.model) return { record: done.record, model: done.model };
  const stage = begin(await store.loadCheckpoint(name));
  const { params, best, history, reason } = yield* keepingCheckpoints(stage, store, name);
  const trained = {
    validationAccuracy: best.accuracy,
    bestEpoch: best.epoch,
    epochs: history.length,
    stop: reason,
    ...own,
  };
  const model = { ...fresh, params, provenance: { ...fresh.provenance, trained } };
  const record = {
    name,
    accuracy: best.accuracy,
    ...totalCost(fresh.arch),
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    bestEpoch: best.epoch,
    stop: reason,
    epochs: history,
    ...own,
  };
  await store.saveStage(record, model);
  return { record, model };
}
