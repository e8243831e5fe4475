/** A dense layer, x · weight + bias: in floats, differentiable, or with the product in integers. */
import * as tf from '../../runtime/tf';
import { usesPrograms } from '../../runtime/webgpu/program';
import type { Tensors } from '../live';
import type { Model } from '../model';
import { type Int8Product, openInt8Product } from './int8Product';
import { type LinearOptions, linear } from './linear/linear';
import { multiply } from './matmul';

/** A dense layer without its bias: [N, in] → [N, out]. */
export type Product = (x: tf.Tensor2D) => tf.Tensor2D;

/** x · `<layer>.weight` + `<layer>.bias`, or with another product; no gradient flows to a `constant` x. */
export function dense(
  params: Tensors,
  layer: string,
  x: tf.Tensor2D,
  { product, ...options }: DenseOptions = {},
): tf.Tensor2D {
  const bias = params[`${layer}.bias`] as tf.Tensor1D;
  if (!product && usesPrograms()) return linear(x, params[`${layer}.weight`] as tf.Tensor2D, bias, options);
  const z = tf.add((product ?? floatProduct(params, layer, options.constant))(x), bias);
  return (options.relu ? tf.relu(z) : z) as tf.Tensor2D;
}

/** `product`: where it is not that of floats. */
export interface DenseOptions extends LinearOptions {
  readonly product?: Product | undefined;
}

const floatProduct =
  (params: Tensors, layer: string, constant?: 'input'): Product =>
  (x) =>
    multiply(x, params[`${layer}.weight`] as tf.Tensor2D, constant);

/** The integer product of a dense layer, where its weights are integers beside `<layer>.weight_scale`. */
export function openIntegers(
  { arch, params, int8 }: Pick<Model, 'arch' | 'params' | 'int8'>,
  layer: string,
): Int8Product | undefined {
  if (!arch.int8 || !int8) return undefined;
  return openInt8Product(int8[`${layer}.weight`], params[`${layer}.weight_scale`].data[0], arch.int8.range);
}
