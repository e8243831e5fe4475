/**
 * The lab's own int8 of convolutions: the norm is folded into the filter, whose values (g = identity; the others are
 * permuted copies) are rounded with one symmetric scale per output field. Copies of equal integers are equal, so the
 * integer filter bank is exactly as equivariant as the float one; a steerable filter merely leaves its band limit.
 */
import { type AnyArch, isComparator } from '../nn/anyArch';
import { blockLayouts, paramShapes } from '../nn/layout';
import type { Param, Params } from '../nn/model';
import { NORM_EPSILON } from '../nn/ops/fieldNorm';
import { steerableBasis } from '../symmetry/steerable';
import { roundHalfEven } from './levels';

const HIGHEST = 127;

export interface QuantisedConvolution {
  /** [k², F_in, S_in, F_out], as the floats on the grid. */
  readonly weight: Int8Array;
  /** [F_out] */
  readonly scale: Float32Array;
  /** [F_out], the norm's shift and mean folded in. */
  readonly bias: Float32Array;
}

/** Folds norm `index` into a convolution on the grid, and rounds; the last axis of the grid is the output field. */
export function quantiseConvolution(grid: Float32Array, params: Params, index: number): QuantisedConvolution {
  const { factor, bias } = foldedNorm(params, index);
  const folded = grid.map((value, i) => value * factor[i % factor.length]);
  return { ...roundByField(folded, factor.length), bias };
}

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

/** The last axis is the output field: s = max|W|/127 of each, q = round-half-even(W/s). */
export function roundByField(
  grid: Float32Array,
  fields: number,
): Pick<QuantisedConvolution, 'weight' | 'scale'> {
  const scale = new Float32Array(fields);
  grid.forEach((value, i) => {
    scale[i % fields] = Math.max(scale[i % fields], Math.abs(value) / HIGHEST);
  });
  const weight = Int8Array.from(grid, (value, i) => {
    const step = scale[i % fields];
    // A scale rounded down to float32 could ask for 128.
    return step === 0 ? 0 : Math.max(-HIGHEST, Math.min(HIGHEST, roundHalfEven(value / step)));
  });
  return { weight, scale };
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
