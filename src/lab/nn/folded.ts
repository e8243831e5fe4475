/** A block's filters as plain arrays of grid values, alone and with the norm behind them folded in. */
import { combined } from '../symmetry/steerable';
import type { ArchSpec } from './arch';
import type { Params } from './model';
import { NORM_EPSILON } from './ops/fieldNorm';

/** The weights of block `index` (from 1) at its stored positions, [b, F_in, S_in, F_out], whatever they are combined from. */
export function gridFilters(
  { filters, blocks }: Pick<ArchSpec, 'filters' | 'blocks'>,
  params: Params,
  index: number,
): Float32Array {
  const free = params[`conv${index}.weight`].data;
  return filters === 'grid' ? free : combined(free, blocks[index - 1].kernel);
}

export interface FoldedFilters {
  /** At the stored positions [b, F_in, S_in, F_out], times the norm's factor. */
  readonly weights: Float32Array;
  /** [F_out] */
  readonly bias: Float32Array;
}

/** The norm as a factor on the filter and a bias: a·(conv + b − mean) + shift with a = scale/√(variance + ε). */
export function foldedFilters(
  arch: Pick<ArchSpec, 'filters' | 'blocks'>,
  params: Params,
  index: number,
): FoldedFilters {
  const of = (name: string) => params[name].data;
  const variance = of(`norm${index}.variance`);
  const factor = Float64Array.from(
    of(`norm${index}.scale`),
    (s, f) => s / Math.sqrt(variance[f] + NORM_EPSILON),
  );
  const [mean, shift] = [of(`norm${index}.mean`), of(`norm${index}.shift`)];
  const bias = of(`conv${index}.bias`).map((b, f) => (b - mean[f]) * factor[f] + shift[f]);
  const weights = gridFilters(arch, params, index).map((value, i) => value * factor[i % factor.length]);
  return { weights, bias };
}
