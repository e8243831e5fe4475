/** Pruning a network from elsewhere: the filters of a bundle that rank lowest go, of each bundle the same share. */
import type { Dataset } from '../../data/dataset';
import { BadInput } from '../../errors';
import { type Bundle, bundlesOf } from '../../families/imported/channels';
import type { ImportedModel } from '../../families/imported/model';
import { type Param, requireFloat } from '../../nn/model';
import type { Stage } from '../../stage/events';
import { criterion } from '../criteria';
import { bySaliency, keptCount, keptUnits, removedUnits } from '../units/units';
import type { FilterChoice } from './choice';
import { extractFilters, type KeptFilters } from './extract';
import { type FilterStatistics, filterPatterns, filterStatistics, weightStatistics } from './statistics';

export interface PrunedFilters {
  readonly model: ImportedModel;
  readonly kept: KeptFilters;
}

/** Throws `BadInput` for a ratio outside [0, 1), and for a network without filters that could go. */
export async function* pruneFilters(
  model: ImportedModel,
  dataset: Dataset,
  train: Uint32Array,
  choice: FilterChoice,
): Stage<PrunedFilters> {
  requireFloat(model);
  const { method, compensation, ratio } = choice;
  // Said before anything is computed.
  for (const { units } of requireBundles(model)) keptCount(units, ratio);
  const needsTiles = criterion(method).from === 'answers' || compensation === 'mean';
  const statistics = needsTiles
    ? yield* filterStatistics(model, dataset, train)
    : await weightStatistics(model);
  const { whole, kept } = chosenFilters(model, choice, statistics);
  return { model: extractFilters(whole, kept), kept };
}

/** What can go of a network; throws `BadInput` where nothing can. */
export function requireBundles({ arch }: Pick<ImportedModel, 'arch'>): Bundle[] {
  const bundles = bundlesOf(arch);
  if (bundles.length > 0) return bundles;
  throw new BadInput(
    `Of "${arch.id}" no filter can be removed: whatever its layers leave is part of its answer.`,
  );
}

/** The units of every bundle by a criterion: what is lowest goes first. */
export function filterSaliency(
  model: ImportedModel,
  { method, seed }: Pick<FilterChoice, 'method' | 'seed'>,
  statistics: readonly FilterStatistics[],
): Float64Array[] {
  return bundlesOf(model.arch).map((bundle, i) =>
    criterion(method).saliency({
      filters: filterPatterns(model, bundle),
      statistics: statistics[i].ranking,
      // Random orders of two bundles should have nothing to do with each other.
      seed: seed + i,
    }),
  );
}

/** The units that stay, and the network, still unshrunk, that makes up for the others. Throws `BadInput` for a ratio outside [0, 1). */
export function chosenFilters(
  model: ImportedModel,
  choice: FilterChoice,
  statistics: readonly FilterStatistics[],
): { readonly whole: ImportedModel; readonly kept: KeptFilters } {
  const kept = filterSaliency(model, choice, statistics).map((saliency) =>
    keptUnits(bySaliency(saliency), keptCount(saliency.length, choice.ratio)),
  );
  return {
    whole: choice.compensation === 'mean' ? compensatedByMean(model, kept, statistics) : model,
    kept,
  };
}

/** Biases of the layers that read units that go, with the units' means on them: exact where they never change, but for the edges of maps. */
function compensatedByMean(
  model: ImportedModel,
  kept: KeptFilters,
  statistics: readonly FilterStatistics[],
): ImportedModel {
  const params: Record<string, Param> = { ...model.params };
  for (const [i, { units, readers }] of bundlesOf(model.arch).entries()) {
    const gone = new Set(removedUnits(kept[i], units));
    for (const [r, { layer, rows }] of readers.entries()) {
      const { shape, data } = params[`${layer}.weight`];
      const outputs = shape.at(-1)!;
      const inputs = units * rows;
      const mean = statistics[i].means[r];
      const bias = Float64Array.from(params[`${layer}.bias`].data);
      for (let row = 0; row < data.length / outputs; row++) {
        const unit = Math.floor((row % inputs) / rows);
        if (gone.has(unit)) for (let o = 0; o < outputs; o++) bias[o] += mean[unit] * data[row * outputs + o];
      }
      params[`${layer}.bias`] = { shape: [outputs], data: Float32Array.from(bias) };
    }
  }
  return { ...model, params };
}
