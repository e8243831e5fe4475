/**
 * Pruning inside the trunk: whole fields go, so the network stays equivariant by construction, and really shrinks.
 */
import type { Dataset } from '../../data/dataset';
import { BadInput } from '../../errors';
import type { Stage } from '../../events';
import type { Model } from '../../nn/model';
import { criterion } from '../criteria';
import type { RankingStatistics } from '../statistics';
import type { FieldChoice } from './choice';
import { meanCompensated } from './compensate';
import { extractFields, type KeptFields } from './extract';
import { fieldFilters } from './filters';
import { keptByBudget, keptByRatio, type Measure } from './rank';
import { reestimateNorms } from './renorm';
import { fieldStatistics } from './statistics';

export interface PrunedFields {
  readonly model: Model;
  readonly kept: KeptFields;
}

/**
 * Prunes fields with the help of training tiles; `statistics` are those of `fieldStatistics` on them, where they are at
 * hand. Throws `BadInput` for a choice that cannot be met.
 */
export async function* pruneFields(
  model: Model,
  dataset: Dataset,
  train: Uint32Array,
  choice: FieldChoice,
  measure: Measure,
  statistics?: readonly RankingStatistics[],
): Stage<PrunedFields> {
  const blocks = choice.blocks ?? model.arch.blocks.map((_, i) => i + 1);
  requireBlocks(model, blocks);
  statistics ??= yield* fieldStatistics(model, dataset, train);
  const saliencies = fieldSaliencies(model, choice, statistics);
  const kept =
    'ratio' in choice.target
      ? keptByRatio(saliencies, choice.target.ratio, blocks, choice.target.of)
      : await keptByBudget(model.arch, saliencies, choice.target.budget, blocks, measure);
  const adjusted = choice.compensation === 'mean' ? meanCompensated(model, kept, statistics) : model;
  const smaller = extractFields(adjusted, kept);
  const isRenormed = choice.compensation === 'norms';
  return { model: isRenormed ? yield* reestimateNorms(smaller, dataset, train) : smaller, kept };
}

/** The saliency of every block's fields under a criterion. */
export function fieldSaliencies(
  model: Model,
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

/** Throws `BadInput` for a layer the trunk does not have. */
export function requireBlocks({ arch }: Pick<Model, 'arch'>, blocks: readonly number[]): void {
  const wrong = blocks.find((block) => !Number.isInteger(block) || block < 1 || block > arch.blocks.length);
  if (wrong === undefined && blocks.length > 0) return;
  throw new BadInput(
    `There is no layer ${wrong ?? '(none was named)'}: this network's convolutions are 1 to ${arch.blocks.length}.`,
  );
}
