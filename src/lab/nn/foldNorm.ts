/** A convolution with the norm behind it folded in, on plain arrays. */
import type { Param } from './model';
import { NORM_EPSILON } from './ops/fieldNormLoops';

export interface FoldedFilters {
  /** Times the norm's factor; the last axis is the output. */
  readonly weights: Float32Array;
  readonly shape: readonly number[];
  /** One for each output. */
  readonly bias: Float32Array;
}

/** The parts of a norm, one value for each output. */
export interface NormParams {
  readonly scale: Param;
  readonly shift: Param;
  readonly mean: Param;
  readonly variance: Param;
}

/**
 * The norm as a factor on the filter and a bias: a·(conv + b − mean) + shift with a = scale/√(variance + ε).
 *
 * @param bias b, where the convolution has one in front of its norm.
 */
export function foldNorm({ shape, data }: Param, norm: NormParams, bias?: Param): FoldedFilters {
  const variance = norm.variance.data;
  const factor = Float64Array.from(norm.scale.data, (s, f) => s / Math.sqrt(variance[f] + NORM_EPSILON));
  const [mean, shift] = [norm.mean.data, norm.shift.data];
  const before = bias?.data ?? new Float32Array(mean.length);
  return {
    weights: data.map((value, i) => value * factor[i % factor.length]),
    shape,
    bias: before.map((b, f) => (b - mean[f]) * factor[f] + shift[f]),
  };
}
