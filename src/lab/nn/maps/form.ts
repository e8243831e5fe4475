/**
 * The maps inside an equivariant trunk, and what is done to them. How they lie in memory is the form's own affair:
 *   planar         [N, fields, |G|, H, W], by kernels or programs that convolve by Fourier over the group
 *   channels last  [N, H, W, fields·|G|], by tfjs's ordinary convolution with expanded filters
 * Pictures and what the head reads are channels last in both.
 */
import type * as tf from '../../runtime/tf';
import type { FilterShape } from '../../symmetry/filters';
import type { Moments } from '../ops/fieldNorm';

/** Pictures or field maps in a form's own layout. */
export type Maps = tf.Tensor;

export interface MapForm {
  readonly name: 'planar' | 'channels last';
  /** Pictures [N, S, S, channels] as the first layer reads them. */
  enter(pictures: tf.Tensor4D): Maps;
  /** Field maps → [N, s, s, fields·|G|], channel = field·|G| + g. */
  leave(maps: Maps): tf.Tensor4D;

  /**
   * The group convolution with grid weights [positions, F_in, S_in, F_out], differentiable; no gradient flows to a
   * `constant` input.
   */
  convolve(maps: Maps, weights: tf.Tensor4D, shape: FilterShape, constant?: 'input'): Maps;
  /** Mean and biased variance of each field over batch, positions and orientations. */
  moments(maps: Maps, order: number): Moments;
  /** pool(ReLU(norm(x))) with the batch's own moments, differentiable (nn/ops/fieldNorm.ts). */
  normReluPool(maps: Maps, scale: tf.Tensor1D, shift: tf.Tensor1D, moments: Moments, pool: boolean): Maps;
  /** Maximum over the |G| channels of each field, differentiable: → [N, s, s, F]. */
  groupPool(maps: Maps, order: number): tf.Tensor4D;
  /** Mean over them, differentiable: → [N, s, s, F]. */
  groupMean(maps: Maps, order: number): tf.Tensor4D;
  /** 2×2 max-pooling, differentiable, the gradient shared among tied elements. */
  maxPool(maps: Maps): Maps;

  /** A layer for inference: ReLU(convolution + bias), a bias for each field. The tensors stay the caller's until it is open. */
  openLayer(weights: tf.Tensor4D, bias: tf.Tensor1D, shape: FilterShape): OpenMapLayer;
  /** Maps with the chosen channels zero. */
  silence(maps: Maps, channels: Uint32Array, order: number): Maps;
  /** Maps of `units` equal parts (fields, or channels) as they lie: [N, before, units, after]. */
  view(maps: Maps, units: number): UnitView;
}

export type UnitView = readonly [tiles: number, before: number, units: number, after: number];

export interface OpenMapLayer {
  /** ReLU(convolution + bias), then maybe pooled: the fastest way there is, without a gradient. */
  run(maps: Maps, pool: boolean): Maps;
  /** ReLU(convolution + bias), differentiable in its input. */
  respond(maps: Maps): Maps;
  dispose(): void;
}
