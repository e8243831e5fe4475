/**
 * Convolutions with their norms folded in, on plain arrays: a·(conv + b − mean) + shift with a = scale/√(variance + ε)
 * is a convolution with the filter a·W and the bias a·(b − mean) + shift.
 */
import { steerableBasis } from '../symmetry/steerable';
import { type AnyArch, isComparator } from './anyArch';
import { blockLayouts, paramShapes } from './layout';
import type { Param, Params } from './model';
import { NORM_EPSILON } from './ops/fieldNorm';

/** Every convolution's filters as values on the grid, in order; of a comparator they always are. */
export function gridFilters(arch: AnyArch, params: Params): Param[] {
  if (isComparator(arch) || arch.filters === 'grid') {
    return [...paramShapes(arch).keys()]
      .filter((name) => /^conv\d+\.weight$/.test(name))
      .map((name) => params[name]);
  }
  return blockLayouts(arch).map(({ index, filter: { kernel } }) => {
    const { shape, data } = params[`conv${index}.weight`];
    return { shape: [kernel ** 2, ...shape.slice(1)], data: onGrid(data, kernel) };
  });
}

export interface FoldedConvolution {
  /** As the grid that was given; its last axis is the output field. */
  readonly weight: Float32Array;
  /** [F_out] */
  readonly bias: Float32Array;
}

/** Folds norm `index` into a convolution on the grid, whose last axis is the output field. */
export function foldedConvolution(grid: Float32Array, params: Params, index: number): FoldedConvolution {
  const { factor, bias } = foldedNorm(params, index);
  return { weight: grid.map((value, i) => value * factor[i % factor.length]), bias };
}

/** The norm as a factor on the filter and a bias: a·(conv + b − mean) + shift with a = scale/√(variance + ε). */
function foldedNorm(params: Params, index: number): { factor: Float64Array; bias: Float32Array } {
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
