/** Adaptive fine-tuning of a pruned network in its study: everything but what it trains comes from the study's caches. */
import { hiddenOf, logitsFromFeatures } from '../../evaluate/features';
import type { GcnnModel } from '../../families/gcnn/model';
import type { FitCheckpoint } from '../../stage/checkpoint';
import type { Stage } from '../../stage/events';
import { withTeacher } from '../../train/distil';
import {
  type Examples,
  headProblem,
  type Objective,
  outputProblem,
  type Problem,
  pictureProblem,
} from '../../train/problem';
import type { FinetuneSettings, Scope } from '../../train/settings';
import type { Study } from '../neurons/study';
import { type Drop, type FinetuneResult, tuneAdaptively } from './adaptively';

export type { FinetuneResult } from './adaptively';

/** What a pruned network is fine-tuned towards. */
export interface TuningTarget extends Drop {
  /** Logits of the unpruned network on the training tiles, where it is to teach and is not the study's own. */
  readonly teacher?: Float32Array;
}

/** What fine-tuning needs of a study. */
export type TuningTiles = Pick<Study, 'model' | 'dataset' | 'splits' | 'train' | 'turns' | 'watched'>;

/** Adaptive fine-tuning of a pruned network in its study; skipped, and said, when too little was lost. */
export function finetuneInStudy(
  study: TuningTiles,
  pruned: GcnnModel,
  target: TuningTarget,
  settings: FinetuneSettings,
  seed: number,
  resume?: FitCheckpoint,
): Stage<FinetuneResult> {
  const problem = (own?: FitCheckpoint) => taughtProblem(study, pruned, target, settings, own);
  return tuneAdaptively(pruned, target, settings, seed, problem, resume);
}

/** The training problem of a scope, with the unpruned network as a teacher where the settings ask for one. */
async function taughtProblem(
  study: TuningTiles,
  pruned: GcnnModel,
  { teacher }: TuningTarget,
  { scope, distil }: FinetuneSettings,
  resume?: FitCheckpoint,
): Promise<Problem> {
  const scoped = await scopeProblem(study, pruned, scope);
  const problemFor = (objective?: Objective) => ({ ...scoped(objective), watched: study.watched });
  if (!distil) return problemFor();
  const values = teacher ?? (await logitsFromFeatures(study.model, study.train.values));
  return withTeacher(problemFor, { values, width: study.model.arch.classes }, distil, resume);
}

/** The logits that a study's network, unpruned, teaches by: tiles × classes; undefined where nobody listens. */
export async function teacherLogits(
  { model, train }: Study,
  { distil }: Pick<FinetuneSettings, 'distil'>,
): Promise<Float32Array | undefined> {
  return distil && logitsFromFeatures(model, train.values);
}

/** Everything but what the scope trains comes from the study's caches. */
async function scopeProblem(
  study: TuningTiles,
  model: GcnnModel,
  scope: Scope,
): Promise<(objective?: Objective) => Problem> {
  const { dataset, splits, train, turns } = study;
  if (scope === 'network') {
    return (objective) =>
      pictureProblem(model.arch, dataset, model.normalisation, splits.train, splits.val, objective);
  }
  if (scope === 'head') return (objective) => headProblem(model.arch, train, turns[0], objective);
  const width = model.arch.head.hidden;
  const hidden = async (examples: Examples): Promise<Examples> => ({
    values: await hiddenOf(model, examples.values),
    width,
    labels: examples.labels,
  });
  const [training, validation] = [await hidden(train), await hidden(turns[0])];
  return (objective) => outputProblem(training, validation, objective);
}
