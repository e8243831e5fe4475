/** A batch norm's parameters by name, and a convolution with the norm behind it folded in, on plain arrays. */
import type { Param, Params } from './model';
import { NORM_EPSILON } from './ops/fieldNormLoops';

/** The names of a norm's parameters; each has a value for every output. Mean and variance are running statistics. */
export interface NormNames {
  readonly scale: string;
  readonly shift: string;
  readonly mean: string;
  readonly variance: string;
}

export const normNames = (layer: string): NormNames => ({
  scale: `${layer}.scale`,
  shift: `${layer}.shift`,
  mean: `${layer}.mean`,
  variance: `${layer}.variance`,
});

export interface FoldedFilters {
  /** Times the norm's factor; the last axis is the output. */
  readonly weights: Float32Array;
  readonly shape: readonly number[];
  /** One for each output. */
  readonly bias: Float32Array;
}

/**
 * The norm as a factor on the filter and a bias: a·(conv + b − mean) + shift with a = scale/√(variance + ε).
 *
 * @param bias b, where the convolution has one in front of its norm.
 */
export function foldNorm(
  { shape, data }: Param,
  params: Params,
  norm: NormNames,
  bias?: Param,
): FoldedFilters {
  const of = (name: string) => params[name].data;
  const variance = of(norm.variance);
  const factor = Float64Array.from(of(norm.scale), (s, f) => s / Math.sqrt(variance[f] + NORM_EPSILON));
  const [mean, shift] = [of(norm.mean), of(norm.shift)];
  const before = bias?.data ?? new Float32Array(mean.length);
  return {
    weights: data.map((value, i) => value * factor[i % factor.length]),
    shape,
    bias: before.map((b, f) => (b - mean[f]) * factor[f] + shift[f]),
  };
}
