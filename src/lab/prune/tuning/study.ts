/**
 * A study: one trained network on one split, with everything pruning its dense layers leaves unchanged computed
 * once: head inputs of the training tiles, and of the validation tiles at the four quarter turns.
 */
import type { Dataset, Splits } from '../../data/dataset';
import { type Agreement, accuracyOf, agreementOf } from '../../evaluate/agreement';
import { decide } from '../../evaluate/decide';
import { relativeDifference } from '../../evaluate/difference';
import { featuresOf, hiddenOf, logitsFromFeatures } from '../../evaluate/features';
import { headInputs } from '../../families/gcnn/layout';
import { type Model, requireFloat } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { QUARTER_TURNS } from '../../symmetry/group';
import { withTeacher } from '../../train/distil';
import { finetunePlan, isTriggered } from '../../train/finetune';
import { type FitCheckpoint, fit, isOf } from '../../train/fit';
import type { EpochRecord } from '../../train/history';
import {
  type Examples,
  headProblem,
  labelsOf,
  type Objective,
  outputProblem,
  type Problem,
  pictureProblem,
} from '../../train/problem';
import type { FinetuneSettings, Scope } from '../../train/settings';
import { type NeuronStatistics, statisticsOf } from '../neurons/statistics';

export interface Study {
  /** The unpruned network. */
  readonly model: Model;
  readonly dataset: Dataset;
  readonly splits: Splits;
  /** Head inputs of the training tiles. */
  readonly train: Examples;
  /** Dataset indices of the validation tiles it has run. */
  readonly tiles: Uint32Array;
  /** Head inputs of those at 0°, 90°, 180° and 270°. */
  readonly turns: readonly Examples[];
  /** Hidden activations on the training tiles, summed up. */
  readonly statistics: NeuronStatistics;
  /** The unpruned network on the validation tiles. */
  readonly baseline: HeadCheck;
}

/** Runs the trunk over training and validation tiles and keeps the results. Throws `BadInput` for an int8 network. */
export async function* openStudy(model: Model, dataset: Dataset, splits: Splits): Stage<Study> {
  requireFloat(model);
  const width = headInputs(model.arch);
  const train = {
    values: yield* featuresOf(model, dataset, splits.train),
    width,
    labels: labelsOf(dataset, splits.train),
  };
  const turns: Examples[] = [];
  for (const turn of QUARTER_TURNS) {
    const values = yield* featuresOf(model, dataset, splits.val, turn);
    turns.push({ values, width, labels: labelsOf(dataset, splits.val) });
  }
  const statistics = await statisticsOf(model, train);
  const baseline = await checkHead(turns, model);
  return { model, dataset, splits, train, tiles: splits.val, turns, statistics, baseline };
}

export interface HeadCheck extends Agreement {
  /** Validation accuracy, upright. */
  readonly accuracy: number;
  /** Validation accuracy at the four quarter turns. */
  readonly turned: readonly number[];
  /** Equivariance error of the logits over the quarter turns: largest difference / largest logit. */
  readonly error: number;
}

/** Accuracy, agreement and equivariance error of a network from its head inputs at the four quarter turns. */
export async function checkHead(turns: readonly Examples[], model: Model): Promise<HeadCheck> {
  const logits: Float32Array[] = [];
  for (const { values } of turns) logits.push(await logitsFromFeatures(model, values));
  const decided = logits.map((each) => decide(each, model.arch.classes));
  const turned = decided.map(({ answers }, i) => accuracyOf(answers, turns[i].labels));
  const agreement = agreementOf(
    decided.map(({ answers }) => answers),
    decided.map(({ undecided }) => undecided),
  );
  const error = Math.max(...logits.slice(1).map((each) => relativeDifference(each, logits[0])));
  return { accuracy: turned[0], turned, ...agreement, error };
}

export interface FinetuneResult {
  readonly triggered: boolean;
  /** In words: why it ran or did not. */
  readonly reason: string;
  /** Validation accuracy of the unpruned network and of the pruned one before fine-tuning. */
  readonly baseline: number;
  readonly start: number;
  readonly epochs: readonly EpochRecord[];
  /** `excellent`, `acceptable`, `patience`, `epochs`, or null when it did not run. */
  readonly stop: string | null;
  readonly accuracy: number;
  readonly model: Model;
}

/** What a pruned network is fine-tuned towards. */
export interface Towards {
  /** Validation accuracy of the unpruned network, and of the pruned one before fine-tuning. */
  readonly baseline: number;
  readonly start: number;
  /** Logits of the unpruned network on the training tiles, where it is to teach and is not the study's own. */
  readonly teacher?: Float32Array;
}

/** What fine-tuning needs of a study. */
export type TuningTiles = Pick<Study, 'model' | 'dataset' | 'splits' | 'train' | 'turns'>;

/** Adaptive fine-tuning of a pruned network in its study; skipped, and said, when too little was lost. */
export async function* finetuneInStudy(
  study: TuningTiles,
  pruned: Model,
  towards: Towards,
  settings: FinetuneSettings,
  seed: number,
  resume?: FitCheckpoint,
): Stage<FinetuneResult> {
  const { baseline, start } = towards;
  const points = (share: number) => (100 * share).toFixed(1);
  const lost = `dropped by ${points(baseline - start)} points`;
  if (!isTriggered(baseline, start, settings)) {
    const reason = `${lost}, not more than ${points(settings.tolerance)}: fine-tuning is not needed`;
    return {
      triggered: false,
      reason,
      baseline,
      start,
      epochs: [],
      stop: null,
      accuracy: start,
      model: pruned,
    };
  }
  const own = resume && isOf(resume, pruned.params) ? resume : undefined;
  const problem = await taughtProblem(study, pruned, towards, settings, own);
  const plan = finetunePlan(settings, baseline, pruned.arch.head, seed);
  const result = yield* fit(problem, pruned.params, plan, resume);
  // Fine-tuning never hands back something worse than it was given.
  const improved = result.best.accuracy > start;
  return {
    triggered: true,
    reason: `${lost}, more than ${points(settings.tolerance)}: fine-tuning ran`,
    baseline,
    start,
    epochs: result.history,
    stop: result.reason,
    accuracy: improved ? result.best.accuracy : start,
    model: improved ? { ...pruned, params: result.params } : pruned,
  };
}

/** The training problem of a scope, with the unpruned network as a teacher where the settings ask for one. */
async function taughtProblem(
  study: TuningTiles,
  pruned: Model,
  { teacher }: Towards,
  { scope, distil }: FinetuneSettings,
  resume?: FitCheckpoint,
): Promise<Problem> {
  const problemFor = await scopeProblem(study, pruned, scope);
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
  model: Model,
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
