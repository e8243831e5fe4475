/** One-shot structured pruning inside a transformer's blocks: rank, keep, compensate, extract. */
import type { Dataset } from '../../data/dataset';
import type { VitModel } from '../../families/vit/model';
import { hashKey } from '../../random';
import type { Stage } from '../../stage/events';
import { type CriterionId, criterion } from '../criteria';
import type { Compensation } from '../neurons/compensate';
import { compensateUnits } from './compensate';
import { extractUnits } from './extract';
import { type RankedUnits, type Ranking, rankUnits } from './rank';
import { type BlockStatistics, unitStatisticsOf } from './statistics';
import { type BlockUnit, unitFilters, unitsOf } from './units';

export interface BlockChoice {
  readonly unit: BlockUnit;
  readonly method: CriterionId;
  readonly compensation: Compensation;
  /** Share of the units to remove, 0 ≤ ratio < 1. */
  readonly ratio: number;
  readonly ranking: Ranking;
  /** For the random criterion. */
  readonly seed: number;
}

/** The units of every block by a criterion: what is lowest goes first. */
export function saliencyOf(
  model: VitModel,
  { unit, method, seed }: Pick<BlockChoice, 'unit' | 'method' | 'seed'>,
  statistics: readonly BlockStatistics[],
): Float64Array[] {
  return unitsOf(model.arch, unit).map((units) =>
    criterion(method).saliency({
      filters: unitFilters(model, units),
      statistics: statistics[units.block].ranking,
      // Ranked together, blocks may not all draw the same numbers.
      seed: hashKey(seed, 'block', units.block),
    }),
  );
}

export interface PrunedBlocks extends RankedUnits {
  readonly model: VitModel;
}

/** The really smaller model and what it kept. Throws `BadInput` for a ratio outside [0, 1). */
export function pruneUnits(
  model: VitModel,
  choice: BlockChoice,
  statistics: readonly BlockStatistics[],
): PrunedBlocks {
  const { unit, compensation, ratio, ranking } = choice;
  const { kept, floored } = rankUnits(saliencyOf(model, choice, statistics), ratio, ranking);
  const compensated = compensateUnits(model, unit, kept, compensation, statistics);
  return { model: extractUnits(compensated, unit, kept), kept, floored };
}

/** The same from tiles. */
export async function* pruneOn(
  model: VitModel,
  choice: BlockChoice,
  dataset: Dataset,
  train: Uint32Array,
): Stage<PrunedBlocks> {
  return pruneUnits(model, choice, yield* unitStatisticsOf(model, choice.unit, dataset, train));
}
