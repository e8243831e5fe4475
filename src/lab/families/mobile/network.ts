/**
 * A comparator's two forms, as an equivariant trunk has them (gcnn/trunk.ts): in training differentiable, with norms from
 * the batch; opened for inference with the norms folded in, or with weights from 8-bit integers.
 */

import { type Tensors, uploadParams } from '../../nn/live';
import type { Int8Param, Model } from '../../nn/model';
import { normNames } from '../../nn/norm';
import { convolveInput } from '../../nn/ops/convolution';
import { dense, openIntegers } from '../../nn/ops/dense';
import { depthwise } from '../../nn/ops/depthwise';
import { fieldMoments, LINEAR, normClip, RELU6 } from '../../nn/ops/fieldNorm';
import { NORM_EPSILON } from '../../nn/ops/fieldNormLoops';
import { globalPool } from '../../nn/ops/globalPool';
import { multiply } from '../../nn/ops/matmul';
import * as tf from '../../runtime/tf';
import type { BatchMoments, Classifier, OpenedModel } from '../family';
import { type MobileLayer, mobileBlocks, weightShape } from './layout';
import type { MobileSpec } from './spec';

export interface TrainedFeatures {
  /** Globally pooled, what the dense layer reads: [N, features]. */
  readonly features: tf.Tensor2D;
  /** Before that, [N, s, s, features]. */
  readonly maps: tf.Tensor4D;
  /** Each norm's batch moments and the number of values they were taken over. */
  readonly moments: readonly BatchMoments[];
}

/** Everything before the dense layer, in training. x: [N, S, S, channels]. */
export function trainMobile(spec: MobileSpec, params: Tensors, x: tf.Tensor4D): TrainedFeatures {
  const moments: BatchMoments[] = [];
  let value = x;
  for (const { layers, residual } of mobileBlocks(spec)) {
    const entering = value;
    for (const layer of layers) {
      const { index, active, channelsOut } = layer;
      const response = respond(layer, value, bankOf(layer, params[`conv${index}.weight`]));
      const batch = fieldMoments(response, 1);
      const norm = normNames(`norm${index}`);
      const running = { mean: norm.mean, variance: norm.variance };
      moments.push({ ...batch, count: response.size / channelsOut, running });
      const scale = params[norm.scale] as tf.Tensor1D;
      const shift = params[norm.shift] as tf.Tensor1D;
      value = normClip(response, scale, shift, batch, active ? RELU6 : LINEAR);
    }
    if (residual) value = tf.add(value, entering) as tf.Tensor4D;
  }
  return { features: globalPool(value), maps: value, moments };
}

/** Pictures in, logits out, with all that is to be seen on the way. */
export function openMobile(model: OpenedModel<MobileSpec>): Classifier {
  const tensors = uploadParams(model.params);
  const mobile = openFeatures(model.arch, tensors, model.int8);
  const integers = openIntegers(model, 'dense');
  return {
    logits: (x, observe) =>
      tf.tidy(() => {
        const features = mobile.run(x, observe);
        observe?.('pooled', features);
        const logits = dense(tensors, 'dense', features, { product: integers?.product });
        observe?.('logits', logits);
        return logits;
      }),
    dispose: () => {
      mobile.dispose();
      integers?.dispose();
      tf.dispose(Object.values(tensors));
    },
  };
}

export interface OpenFeatures {
  /** Pictures [N, S, S, channels] → pooled features [N, features]. `observe` sees each block's output. */
  run(x: tf.Tensor4D, observe?: (layer: string, value: tf.Tensor4D) => void): tf.Tensor2D;
  dispose(): void;
}

/** Everything before the dense layer, for inference. `int8`: the weights stored as integers. */
export function openFeatures(spec: MobileSpec, params: Tensors, int8: Model['int8'] = {}): OpenFeatures {
  const blocks = mobileBlocks(spec).map(({ layers, ...block }) => ({
    ...block,
    layers: layers.map((layer) => ({ ...layer, ...tf.tidy(() => folded(layer, params, int8)) })),
  }));
  return {
    run: (x, observe) =>
      tf.tidy(() => {
        let value = x;
        for (const { name, layers, residual } of blocks) {
          const entering = value;
          for (const layer of layers) value = runFolded(layer, value);
          if (residual) value = tf.add(value, entering) as tf.Tensor4D;
          observe?.(name, value);
        }
        return globalPool(value);
      }),
    dispose: () => {
      for (const { bank, bias } of blocks.flatMap(({ layers }) => layers)) tf.dispose([bank, bias]);
    },
  };
}

function respond({ kind, kernel, stride }: MobileLayer, x: tf.Tensor4D, bank: tf.Tensor4D): tf.Tensor4D {
  if (kind === 'depthwise') return depthwise(x, bank, stride);
  // Only the stem is wider than 1×1. It reads pictures, to which no gradient flows.
  return kernel === 1 ? pointwise(x, bank) : convolveInput(x, bank, stride);
}

/** A 1×1 convolution as a matrix product, whose gradients are twice as fast on small maps of many channels. */
function pointwise(x: tf.Tensor4D, bank: tf.Tensor4D): tf.Tensor4D {
  const [tiles, height, width, channels] = x.shape;
  const filters = bank.shape[3];
  const rows = tf.reshape(x, [tiles * height * width, channels]) as tf.Tensor2D;
  const product = multiply(rows, tf.reshape(bank, [channels, filters]) as tf.Tensor2D);
  return tf.reshape(product, [tiles, height, width, filters]);
}

/** A stored weight [k², …] as tfjs's convolutions read it: [k, k, C_in, C_out], depthwise [k, k, C, 1]. */
function bankOf({ kind, kernel, channelsIn, channelsOut }: MobileLayer, weight: tf.Tensor): tf.Tensor4D {
  const shape = kind === 'depthwise' ? [channelsOut, 1] : [channelsIn, channelsOut];
  return tf.reshape(weight, [kernel, kernel, shape[0], shape[1]]);
}

type Folded = { readonly bank: tf.Tensor4D; readonly bias: tf.Tensor1D };

/** y = a·(conv − mean) + shift with a = scale/√(variance+ε), as a convolution with its own bias. */
function folded(layer: MobileLayer, params: Tensors, int8: Readonly<Record<string, Int8Param>>): Folded {
  const { index } = layer;
  const of = (name: string): tf.Tensor1D => params[name] as tf.Tensor1D;
  const integers = int8[`conv${index}.weight`];
  if (integers) {
    const weight = tf.tensor(Float32Array.from(integers.data), weightShape(layer));
    const scaled = tf.mul(weight, of(`conv${index}.weight_scale`));
    return { bank: bankOf(layer, scaled), bias: tf.clone(of(`conv${index}.bias`)) };
  }
  const norm = normNames(`norm${index}`);
  const inverse = tf.rsqrt(tf.add(of(norm.variance), NORM_EPSILON));
  const a = tf.mul(of(norm.scale), inverse);
  const bias = tf.sub(of(norm.shift), tf.mul(of(norm.mean), a)) as tf.Tensor1D;
  return { bank: bankOf(layer, tf.mul(params[`conv${index}.weight`], a)), bias };
}

function runFolded({ kind, kernel, stride, active, bank, bias }: MobileLayer & Folded, x: tf.Tensor4D) {
  const activation = active ? ('relu6' as const) : ('linear' as const);
  const settings = { x, filter: bank, strides: stride, pad: (kernel - 1) / 2, bias, activation };
  return kind === 'depthwise' ? tf.fused.depthwiseConv2d(settings) : tf.fused.conv2d(settings);
}
