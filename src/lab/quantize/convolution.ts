/**
 * The lab's own int8 of convolutions: the norm is folded into the filter, whose values (g = identity; the others are
 * permuted copies) are rounded with one symmetric scale per output field. Copies of equal integers are equal, so the
 * integer filter bank is exactly as equivariant as the float one; a steerable filter merely leaves its band limit.
 */
import type { FoldedFilters } from '../nn/norm';
import { roundHalfEven } from '../nn/ops/levels';

const HIGHEST = 127;

export interface QuantisedConvolution {
  /** [b, F_in, S_in, F_out]: at the b stored positions of the grid. */
  readonly weight: Int8Array;
  readonly shape: readonly number[];
  /** [F_out] */
  readonly scale: Float32Array;
  /** [F_out], the norm's shift and mean folded in. */
  readonly bias: Float32Array;
}

/** Rounds filters that have their norm folded in; the last axis is the output field. */
export function quantiseConvolution({ weights, shape, bias }: FoldedFilters): QuantisedConvolution {
  return { ...roundByField(weights, shape.at(-1)!), shape, bias };
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
