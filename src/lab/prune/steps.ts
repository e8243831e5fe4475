/**
 * Iterative pruning: several small steps with adaptive fine-tuning between them, beside the one-shot kind. Every step
 * removes the same share of what is left, and ranks anew what the steps before it have made of the network.
 */
import type { Dataset, Splits } from '../data/dataset';
import type { Stage } from '../events';
import type { Model } from '../nn/model';
import type { FinetuneSettings } from '../train/settings';
import type { FieldChoice } from './fields/choice';
import type { KeptFields } from './fields/extract';
import { type PrunedFields, pruneFields } from './fields/prune';
import type { Measure } from './fields/rank';
import { statisticsOf } from './neuronStatistics';
import { type PruneChoice, prune } from './prune';
import { checkHead, finetuneInStudy, openStudy, type Study, type Towards, teacherLogits } from './study';
import { keptCount, unitCount } from './units';

export interface Steps {
  readonly steps: number;
  /** Of the fine-tuning between two steps. */
  readonly settings: FinetuneSettings;
  readonly seed: number;
  readonly towards: Omit<Towards, 'start'>;
}

/** What happened at a step that another one followed. */
export interface Round {
  /** Validation accuracy of the pruned network, and after fine-tuning. */
  readonly start: number;
  readonly accuracy: number;
  readonly epochs: number;
}

/** The share of all units that is gone after each of `steps` steps. */
export function stepRatios(ratio: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, s) =>
    s + 1 === steps ? ratio : 1 - (1 - ratio) ** ((s + 1) / steps),
  );
}

export interface PrunedInSteps<Kept> {
  /** After the last step, which no fine-tuning has followed yet. */
  readonly model: Model;
  /** By the unpruned network's indices. */
  readonly kept: Kept;
  readonly rounds: readonly Round[];
}

/** Hidden neurons in steps. The study returned is that of the network that entered the last step. */
export async function* pruneNeuronsInSteps(
  study: Study,
  choice: PruneChoice,
  { steps, settings, seed, towards }: Steps,
): Stage<PrunedInSteps<Uint32Array> & { readonly study: Study }> {
  const all = unitCount(study.model);
  const goal = { ...towards, teacher: towards.teacher ?? (await teacherLogits(study, settings)) };
  const rounds: Round[] = [];
  let kept = Uint32Array.from({ length: all }, (_, unit) => unit);
  let current = study;
  for (const [step, gone] of stepRatios(choice.ratio, steps).entries()) {
    const ratio = 1 - keptCount(all, gone) / kept.length;
    const pruned = prune(current.model, { ...choice, ratio }, current.statistics);
    kept = pruned.kept.map((unit) => kept[unit]);
    if (step + 1 === steps) return { model: pruned.model, kept, rounds, study: current };
    const start = (await checkHead(current.turns, pruned.model)).accuracy;
    yield { type: 'pruned', step: step + 1, steps, accuracy: start };
    const tuned = yield* finetuneInStudy(current, pruned.model, { ...goal, start }, settings, seed);
    rounds.push({ start, accuracy: tuned.accuracy, epochs: tuned.epochs.length });
    current = yield* studyAfter(current, tuned.model, settings.scope === 'network' && tuned.triggered);
  }
  throw new RangeError(`${steps} steps are none`);
}

/** The study of the same tiles with a network whose head, or whole, has changed. */
async function* studyAfter(study: Study, model: Model, hasNewTrunk: boolean): Stage<Study> {
  if (hasNewTrunk) return yield* openStudy(model, study.dataset, study.splits);
  const baseline = await checkHead(study.turns, model);
  return { ...study, model, baseline, statistics: await statisticsOf(model, study.train) };
}

/** Fields in steps; a budget is approached by the same factor at each. */
export async function* pruneFieldsInSteps(
  model: Model,
  dataset: Dataset,
  splits: Splits,
  choice: FieldChoice,
  measure: Measure,
  { steps, settings, seed, towards }: Steps,
): Stage<PrunedInSteps<KeptFields>> {
  const all = model.arch.blocks.map(({ fields }) => fields);
  // Only where a step follows another is there anything to teach.
  const isTaught = steps > 1 && settings.distil && !towards.teacher;
  const unpruned = isTaught ? yield* openStudy(model, dataset, splits) : undefined;
  const goal = unpruned ? { ...towards, teacher: await teacherLogits(unpruned, settings) } : towards;
  const rounds: Round[] = [];
  let kept: KeptFields = all.map((length) => Uint32Array.from({ length }, (_, field) => field));
  let current = model;
  for (let step = 1; ; step++) {
    const target = stepTarget(choice.target, model, step, steps);
    const pruned: PrunedFields = yield* pruneFields(
      current,
      dataset,
      splits.train,
      { ...choice, target },
      measure,
    );
    kept = pruned.kept.map((fields, i) => fields.map((field) => kept[i][field]));
    if (step === steps) return { model: pruned.model, kept, rounds };
    const study: Study = yield* openStudy(pruned.model, dataset, splits);
    const start = study.baseline.accuracy;
    yield { type: 'pruned', step, steps, accuracy: start };
    const tuned = yield* finetuneInStudy(study, pruned.model, { ...goal, start }, settings, seed);
    rounds.push({ start, accuracy: tuned.accuracy, epochs: tuned.epochs.length });
    current = tuned.model;
  }
}

/** What is to be left after a step, as a share of the unpruned network. */
function stepTarget(
  target: FieldChoice['target'],
  { arch }: Model,
  step: number,
  steps: number,
): FieldChoice['target'] {
  if ('ratio' in target) {
    const of = arch.blocks.map(({ fields }) => fields);
    return { ratio: stepRatios(target.ratio, steps)[step - 1], of };
  }
  const { budget } = target;
  return { budget: { ...budget, share: budget.share ** (step / steps), from: arch } };
}
