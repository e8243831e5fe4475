/**
 * A block's convolution with its norm folded in, on plain arrays: a·(conv + b − mean) + shift with
 * a = scale/√(variance + ε) is a convolution with the filter a·W and the bias a·(b − mean) + shift.
 */
import { steerableBasis } from '../symmetry/steerable';
import type { ArchSpec } from './arch';
import type { BlockLayout } from './layout';
import type { Params } from './model';
import { NORM_EPSILON } from './ops/fieldNorm';

export interface FoldedConvolution {
  /** The free weights on the pixel grid, whatever they were combined from: [k², F_in, S_in, F_out]. */
  readonly weight: Float32Array;
  /** [F_out] */
  readonly bias: Float32Array;
}

export function foldedConvolution(
  arch: ArchSpec,
  params: Params,
  { index, filter }: BlockLayout,
): FoldedConvolution {
  const free = params[`conv${index}.weight`].data;
  const grid = arch.filters === 'grid' ? free : onGrid(free, filter.kernel);
  const { factor, bias } = foldedNorm(params, index);
  return { weight: grid.map((value, i) => value * factor[i % filter.fieldsOut]), bias };
}

function foldedNorm(params: Params, index: number): { factor: Float64Array; bias: Float32Array } {
  const of = (name: string) => params[name].data;
  const variance = of(`norm${index}.variance`);
  const factor = Float64Array.from(
    of(`norm${index}.scale`),
    (s, f) => s / Math.sqrt(variance[f] + NORM_EPSILON),
  );
  const [mean, shift] = [of(`norm${index}.mean`), of(`norm${index}.shift`)];
  const bias = of(`conv${index}.bias`).map((b, f) => (b - mean[f]) * factor[f] + shift[f]);
  return { factor, bias };
}

/** Coefficients [d, …] → grid weights [k², …]. */
function onGrid(coefficients: Float32Array, kernel: number): Float32Array {
  const { count, functions } = steerableBasis(kernel);
  const rest = coefficients.length / count;
  const grid = new Float32Array(kernel * kernel * rest);
  for (let p = 0; p < kernel * kernel; p++) {
    for (let r = 0; r < rest; r++) {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += functions[p * count + j] * coefficients[j * rest + r];
      grid[p * rest + r] = sum;
    }
  }
  return grid;
}
