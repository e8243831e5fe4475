/** One-shot structured pruning of the hidden layer: rank, keep, compensate, extract. */
import type { GcnnModel } from '../../families/gcnn/model';
import { type CriterionId, criterion } from '../criteria';
import { neuronFilters } from '../units/filters';
import { bySaliency, keptCount, keptUnits, unitCount } from '../units/units';
import { type Cascade, extractWith } from './cascade';
import { type Compensation, compensate } from './compensate';
import type { NeuronStatistics } from './statistics';

export interface PruneChoice {
  readonly method: CriterionId;
  readonly compensation: Compensation;
  /** Share of hidden neurons to remove, 0 ≤ ratio < 1. */
  readonly ratio: number;
  /** For the random criterion and for a layer drawn anew. */
  readonly seed: number;
  /** Whether the next layer follows (cascade.ts); by default it does. */
  readonly cascade?: Cascade;
}

/** Units by falling saliency under a criterion, and the saliency of each. */
export function rankNeurons(
  model: GcnnModel,
  method: CriterionId,
  statistics: NeuronStatistics,
  seed: number,
): { readonly order: Uint32Array; readonly saliency: Float64Array } {
  const saliency = criterion(method).saliency({ filters: neuronFilters(model), statistics, seed });
  return { order: bySaliency(saliency), saliency };
}

/** Units by falling saliency under a criterion. */
export function pruningOrder(...evidence: Parameters<typeof rankNeurons>): Uint32Array {
  return rankNeurons(...evidence).order;
}

/** The really smaller model and the indices it kept, ascending. Throws `BadInput` for a ratio outside [0, 1). */
export function prune(
  model: GcnnModel,
  { method, compensation, ratio, seed, cascade = 'aligned' }: PruneChoice,
  statistics: NeuronStatistics,
): { model: GcnnModel; kept: Uint32Array } {
  const count = keptCount(unitCount(model), ratio);
  const kept = keptUnits(pruningOrder(model, method, statistics, seed), count);
  const compensated = compensate(model, kept, compensation, statistics);
  return { model: extractWith(cascade, compensated, kept, seed), kept };
}
