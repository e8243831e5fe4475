/** The steps that train a network from scratch: alone, or as the student of the network at hand. */
import { constantWords } from '../../data/constant';
import type { Dataset, Splits } from '../../data/dataset';
import { BALANCE_ADVICE, imbalanceWords } from '../../data/imbalance';
import { unkeptParts } from '../../data/parts';
import { classCounts } from '../../data/tiles';
import { totalCost } from '../../evaluate/cost';
import { requireHidden } from '../../families/units';
import type { AnyModel } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { keepingCheckpoints } from '../../stage/store';
import { distilModel } from '../../train/distil';
import type { FitResult } from '../../train/fit';
import type { TrainSettings } from '../../train/settings';
import { trainModel } from '../../train/train';
import { studentArch } from '../prepare';
import { type DoStep, type Figures, freshModel } from '../run';
import type { StepOf } from '../step';

export const train: DoStep<StepOf<'train'>> = async function* ({ run, planned, splits }) {
  const { dataset, store, ids } = run;
  const { step, name, seed } = planned;
  const key = ids.get(name)!;
  const fresh = freshModel(run, splits, run.arch, seed);
  const resume = await store.loadCheckpoint(key);
  const notes = yield* tellOfData(dataset, splits, step.settings);
  const training = trainModel(fresh, dataset, splits, step.settings, seed, resume);
  return yield* learnt(fresh, keepingCheckpoints(training, store, key), notes);
};

export const distil: DoStep<StepOf<'distil'>> = async function* ({ run, planned, splits, input }) {
  const { dataset, store, ids } = run;
  const { step, name, seed } = planned;
  const key = ids.get(name)!;
  const teacher = requireHidden(input);
  const fresh = requireHidden(freshModel(run, splits, studentArch(run, step.student), seed));
  const { alpha, temperature } = step.settings;
  const own = { alpha, temperature, teacher: { arch: teacher.arch, ...totalCost(teacher.arch) } };
  const resume = await store.loadCheckpoint(key);
  const notes = yield* tellOfData(dataset, splits);
  const training = distilModel(teacher, fresh, dataset, splits, step.settings, seed, resume);
  return yield* learnt(fresh, keepingCheckpoints(training, store, key), { ...own, ...notes });
};

/** Tells what in the training tiles says nothing, and of parts that were not kept, and keeps that for the record. */
async function* tellOfData(
  dataset: Dataset,
  { train }: Splits,
  { balance }: Partial<TrainSettings> = {},
): Stage<{ readonly notes?: readonly string[] }> {
  const unequal = balance ? null : imbalanceWords(dataset.classes, classCounts(dataset, train));
  const notes = [
    unkeptParts(dataset) ?? [],
    constantWords(dataset, train),
    unequal === null ? [] : `${unequal} ${BALANCE_ADVICE}`,
  ].flat();
  for (const message of notes) yield { type: 'warning', message };
  return notes.length > 0 ? { notes } : {};
}

async function* learnt(
  fresh: AnyModel,
  training: Stage<FitResult>,
  own: Readonly<Record<string, unknown>>,
): Stage<{ figures: Figures; model: AnyModel }> {
  const { params, best, history, reason } = yield* training;
  const figures = {
    accuracy: best.accuracy,
    ...(best.balanced !== undefined && { balanced: best.balanced }),
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    bestEpoch: best.epoch,
    stop: reason,
    epochs: history,
    ...own,
  };
  return { figures, model: { ...fresh, params } };
}
