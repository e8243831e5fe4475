/** A convolution's filters as plain arrays of grid values, alone and with the norm behind them folded in. */

import type { Param, Params } from '../../nn/model';
import { NORM_EPSILON } from '../../nn/ops/fieldNorm';
import { combineBasis } from '../../symmetry/steerable';
import { type AnyArch, isComparator } from '../anyArch';

/** The weights of convolution `index` (from 1) at its stored positions, [b, F_in, S_in, F_out], whatever they are combined from. */
export function gridFilters(arch: AnyArch, params: Params, index: number): Param {
  const stored = params[`conv${index}.weight`];
  if (isComparator(arch) || arch.filters === 'grid') return stored;
  const { kernel } = arch.blocks[index - 1];
  return { shape: [kernel ** 2, ...stored.shape.slice(1)], data: combineBasis(stored.data, kernel) };
}

export interface FoldedFilters {
  /** At the stored positions, times the norm's factor. */
  readonly weights: Float32Array;
  /** [b, F_in, S_in, F_out] */
  readonly shape: readonly number[];
  /** [F_out] */
  readonly bias: Float32Array;
}

/** The norm as a factor on the filter and a bias: a·(conv + b − mean) + shift with a = scale/√(variance + ε). */
export function foldedFilters(arch: AnyArch, params: Params, index: number): FoldedFilters {
  const of = (name: string) => params[name].data;
  const variance = of(`norm${index}.variance`);
  const factor = Float64Array.from(
    of(`norm${index}.scale`),
    (s, f) => s / Math.sqrt(variance[f] + NORM_EPSILON),
  );
  const [mean, shift] = [of(`norm${index}.mean`), of(`norm${index}.shift`)];
  // A comparator's convolutions have no bias in front of their norm.
  const before = params[`conv${index}.bias`]?.data ?? new Float32Array(mean.length);
  const bias = before.map((b, f) => (b - mean[f]) * factor[f] + shift[f]);
  const { shape, data } = gridFilters(arch, params, index);
  return { weights: data.map((value, i) => value * factor[i % factor.length]), shape, bias };
}
