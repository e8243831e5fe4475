/**
 * Pruning inside the trunk: whole fields go, so the network stays equivariant by construction, and really shrinks.
 */
import type { Dataset } from '../../data/dataset';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Stage } from '../../stage/events';
import { criterion } from '../criteria';
import type { RankingStatistics } from '../units/statistics';
import { type FieldChoice, requireBlocks } from './choice';
import { compensateByMean } from './compensate';
import { extractFields, type KeptFields } from './extract';
import { fieldFilters } from './filters';
import { keptByBudget, keptByRatio, type Measure } from './rank';
import { reestimateNorms } from './renorm';
import { fieldStatistics, weightStatistics } from './statistics';

export interface PrunedFields {
  readonly model: GcnnModel;
  readonly kept: KeptFields;
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
  const blocks = choice.blocks ?? model.arch.blocks.map((_, i) => i + 1);
  requireBlocks(model, blocks);
  const statistics =
    known ??
    (needsAnswers(choice) ? yield* fieldStatistics(model, dataset, train) : await weightStatistics(model));
  const saliencies = fieldSaliencies(model, choice, statistics);
  const kept =
    'ratio' in choice.target
      ? keptByRatio(saliencies, choice.target.ratio, blocks, choice.target.of)
      : await keptByBudget(model.arch, saliencies, choice.target.budget, blocks, measure);
  const adjusted = choice.compensation === 'mean' ? compensateByMean(model, kept, statistics) : model;
  const smaller = extractFields(adjusted, kept);
  const isRenormed = choice.compensation === 'norms';
  return { model: isRenormed ? yield* reestimateNorms(smaller, dataset, train) : smaller, kept };
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
