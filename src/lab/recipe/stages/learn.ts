/** The steps that train a network from scratch: alone, or as the student of the network at hand. */
import { lastLayerOf, withNewHead } from '../../adapt/newHead';
import { constantWords } from '../../data/constant';
import type { Dataset, Splits } from '../../data/dataset';
import { BALANCE_ADVICE, imbalanceWords } from '../../data/imbalance';
import { unkeptParts } from '../../data/parts';
import { classCounts, sameClasses } from '../../data/tiles';
import { totalCost } from '../../evaluate/cost';
import { logitsAt } from '../../evaluate/rotation';
import { type Score, scoreLogits } from '../../evaluate/score';
import { requireHidden } from '../../families/units';
import type { AnyModel } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { bestEpoch, chosenBy } from '../../stage/history';
import { epochsOf, keepingCheckpoints, type StageRecord } from '../../stage/store';
import { distilModel } from '../../train/distil';
import type { FitResult } from '../../train/fit';
import { labelsOf } from '../../train/problem';
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

/** A network as its further training begins: for other classes with a new last layer. */
export function atBeginning(input: AnyModel, classes: readonly string[], seed: number): AnyModel {
  return sameClasses(input.classes, classes) ? input : withNewHead(input, classes, seed);
}

export const goOn: DoStep<StepOf<'continue'>> = async function* ({ run, planned, splits, input }) {
  const { dataset, store, ids } = run;
  const { step, name, seed } = planned;
  const { frozen, ...settings } = step.settings;
  const key = ids.get(name)!;
  const begin = atBeginning(input, dataset.classes, seed);
  const newHead = begin !== input;
  // Of other classes a network has nothing to say yet that could be right or wrong.
  const start = newHead ? null : yield* scoreOf(begin, dataset, splits.val);
  const first = frozen === undefined ? undefined : { epochs: frozen, only: lastLayerOf(begin.arch) };
  const resume = await store.loadCheckpoint(key);
  const { notes = [] } = yield* tellOfData(dataset, splits, settings);
  const training = trainModel(begin, dataset, splits, settings, seed, resume, first);
  const own = { newHead, ...(start && { start: start.accuracy }) };
  const made = yield* learnt(begin, keepingCheckpoints(training, store, key), own);
  const best = bestEpoch(epochsOf(made.figures as unknown as StageRecord))!;
  const before = start && chosenBy({ ...best, ...start, balanced: start.balanced ?? best.balanced });
  const isKept = before !== null && before >= chosenBy(best);
  const kept = `No further epoch was better than ${(100 * (before ?? 0)).toFixed(1)} %, where it began, so the network stays as it was.`;
  const all = isKept ? [...notes, kept] : notes;
  const figures = {
    ...made.figures,
    ...(isKept && { accuracy: start!.accuracy, bestEpoch: 0 }),
    ...(all.length > 0 && { notes: all }),
  };
  return { figures, model: isKept ? begin : made.model };
};

/** How right a network is on tiles as they are. */
async function* scoreOf(model: AnyModel, dataset: Dataset, tiles: Uint32Array): Stage<Score> {
  return scoreLogits(yield* logitsAt(model, dataset, tiles, 0), labelsOf(dataset, tiles));
}

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
