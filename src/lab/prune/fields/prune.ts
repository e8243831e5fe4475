/**
 * Pruning inside the trunk: whole fields go, so the network stays equivariant by construction, and really shrinks.
 */
import type { Dataset } from '../../data/dataset';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Stage } from '../../stage/events';
import { criterion } from '../criteria';
import type { RankingStatistics } from '../units/statistics';
import { type FieldChoice, requireBlocks, requireFields } from './choice';
import { compensateByMean } from './compensate';
import { extractFields, type KeptFields } from './extract';
import { fieldFilters } from './filters';
import { keptByCost, keptByRatio } from './rank';
import { reestimateNorms } from './renorm';
import { fieldStatistics, weightStatistics } from './statistics';
import { keptByTime, type Measure, type ReachedTime } from './time';

/** What is to stay, decided before anything is taken away. Plain data but for the statistics. */
export interface ChosenFields {
  readonly kept: KeptFields;
  /** Of a budget of time. */
  readonly reached: ReachedTime | null;
  /** What was looked at for the choice, which compensation reads too; undefined where nothing was. */
  readonly statistics?: readonly RankingStatistics[];
}

export interface PrunedFields extends Pick<ChosenFields, 'kept' | 'reached'> {
  readonly model: GcnnModel;
}

/**
 * Decides which fields stay, with the help of training tiles, or of what is known of them already. Where time is measured
 * the answer may be another one next time: keep `kept` and hand it in as a target to go on with it.
 * Throws `BadInput` for a choice that cannot be met.
 */
export async function* chooseFields(
  model: GcnnModel,
  dataset: Dataset,
  train: Uint32Array,
  choice: FieldChoice,
  measure: Measure,
  known?: readonly RankingStatistics[],
): Stage<ChosenFields> {
  const { target } = choice;
  const blocks = choice.blocks ?? model.arch.blocks.map((_, i) => i + 1);
  requireBlocks(model, blocks);
  if ('kept' in target) return { kept: requireFields(model, target.kept), reached: null, statistics: known };
  const statistics =
    known ??
    (needsAnswers(choice) ? yield* fieldStatistics(model, dataset, train) : await weightStatistics(model));
  const saliencies = fieldSaliencies(model, choice, statistics);
  if ('ratio' in target) {
    return { kept: keptByRatio(saliencies, target.ratio, blocks, target.of), reached: null, statistics };
  }
  const { budget } = target;
  if (budget.of === 'latency') {
    return { ...(yield* keptByTime(model.arch, saliencies, budget, blocks, measure)), statistics };
  }
  const counted = { ...budget, of: budget.of };
  return { kept: keptByCost(model.arch, saliencies, counted, blocks), reached: null, statistics };
}

/**
 * Prunes fields with the help of training tiles, or of what is known of them already. Throws `BadInput` for a choice that
 * cannot be met.
 */
export async function* pruneFields(
  model: GcnnModel,
  dataset: Dataset,
  train: Uint32Array,
  choice: FieldChoice,
  measure: Measure,
  known?: readonly RankingStatistics[],
): Stage<PrunedFields> {
  const chosen = yield* chooseFields(model, dataset, train, choice, measure, known);
  return yield* removeFields(model, dataset, train, choice, chosen);
}

/** Takes away what was not chosen, and compensates. */
export async function* removeFields(
  model: GcnnModel,
  dataset: Dataset,
  train: Uint32Array,
  { compensation }: Pick<FieldChoice, 'compensation'>,
  { kept, reached, statistics }: ChosenFields,
): Stage<PrunedFields> {
  const adjusted =
    compensation === 'mean'
      ? compensateByMean(model, kept, statistics ?? (yield* fieldStatistics(model, dataset, train)))
      : model;
  const smaller = extractFields(adjusted, kept);
  const isRenormed = compensation === 'norms';
  return { model: isRenormed ? yield* reestimateNorms(smaller, dataset, train) : smaller, kept, reached };
}

/** Whether a choice has to look at training tiles, or at the weights alone. */
export const needsAnswers = ({
  method,
  compensation,
}: Pick<FieldChoice, 'method' | 'compensation'>): boolean =>
  criterion(method).from === 'answers' || compensation === 'mean';

/** The saliency of every block's fields under a criterion. */
export function fieldSaliencies(
  model: GcnnModel,
  { method, seed }: Pick<FieldChoice, 'method' | 'seed'>,
  statistics: readonly RankingStatistics[],
): Float64Array[] {
  return statistics.map((each, i) =>
    criterion(method).saliency({
      filters: fieldFilters(model, i + 1),
      statistics: each,
      // Random orders of two blocks should have nothing to do with each other.
      seed: seed + i,
    }),
  );
}
