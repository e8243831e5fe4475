/**
 * The equivariant trunk: (group convolution → field norm → ReLU → maybe pool) per block, then group pooling.
 * Two forms: `trainTrunk` differentiates and uses the batch's moments; `openTrunk` expands the filters and
 * folds the norms once and then only runs ordinary convolutions.
 */

import type { Tensors } from '../../nn/live';
import type { Int8Param, RunModel } from '../../nn/model';
import { normNames } from '../../nn/norm';
import { convolve } from '../../nn/ops/convolution';
import { expandFilters } from '../../nn/ops/expand';
import { fieldMoments, normReluPool, perChannel } from '../../nn/ops/fieldNorm';
import { NORM_EPSILON } from '../../nn/ops/fieldNormLoops';
import { splitMax } from '../../nn/ops/maxima';
import * as tf from '../../runtime/tf';
import { expandGrid, type FilterShape } from '../../symmetry/filters';
import { GROUPS } from '../../symmetry/group';
import type { BatchMoments } from '../family';
import type { ArchSpec } from './arch';
import { blockLayouts } from './layout';
import type { GcnnModel } from './model';

export interface TrainedTrunk {
  /** Group-pooled maps [N, s, s, F]. */
  readonly maps: tf.Tensor4D;
  /** Each block's batch moments and the number of values they were taken over, for the running statistics. */
  readonly moments: readonly BatchMoments[];
}

/** The trunk in training: differentiable in every parameter, norms from the batch. x: [N, S, S, channels]. */
export function trainTrunk(arch: ArchSpec, params: Tensors, x: tf.Tensor4D): TrainedTrunk {
  const { order } = GROUPS[arch.group];
  const moments: BatchMoments[] = [];
  let value = x;
  for (const { index, filter, pool } of blockLayouts(arch)) {
    const bank = expandFilters(params[`conv${index}.weight`], filter, arch.filters);
    const response = convolve(value, bank, index === 1 ? 'input' : undefined);
    const batch = fieldMoments(response, order);
    // The norm subtracts the batch mean, so a bias before it changes nothing but the running mean: its
    // gradient is zero, and it is added where it shows.
    const mean = tf.add(batch.mean, params[`conv${index}.bias`]) as tf.Tensor1D;
    const norm = normNames(`norm${index}`);
    moments.push({
      mean,
      variance: batch.variance,
      count: response.size / filter.fieldsOut,
      running: { mean: norm.mean, variance: norm.variance },
    });
    const scale = params[norm.scale] as tf.Tensor1D;
    const shift = params[norm.shift] as tf.Tensor1D;
    value = normReluPool(response, scale, shift, batch, pool);
  }
  return { maps: groupPool(value, order), moments };
}

/** Maximum over the |G| channels of each field: [N, s, s, F·|G|] → [N, s, s, F]. */
export function groupPool(x: tf.Tensor4D, order: number): tf.Tensor4D {
  if (order === 1) return x;
  const [tiles, height, width, channels] = x.shape;
  const fields = channels / order;
  const pooled = splitMax(tf.reshape(x, [tiles * height * width * fields, order, 1]) as tf.Tensor3D);
  return tf.reshape(pooled, [tiles, height, width, fields]);
}

export interface OpenTrunk {
  /** Pictures [N, S, S, channels] → group-pooled maps [N, s, s, F]. `observe` sees each block's output. */
  run(x: tf.Tensor4D, observe?: (layer: string, value: tf.Tensor4D) => void): tf.Tensor4D;
  dispose(): void;
}

/** A block for inference: one ordinary convolution with the norm folded in. The tensors are the caller's to dispose. */
export interface OpenLayer {
  readonly name: string;
  readonly pool: boolean;
  /** [k, k, C_in, C_out] */
  readonly bank: tf.Tensor4D;
  /** [C_out] */
  readonly bias: tf.Tensor1D;
}

/** The trunk's blocks for inference. `int8`: the weights stored as integers. */
export function openLayers(arch: ArchSpec, params: Tensors, int8: GcnnModel['int8'] = {}): OpenLayer[] {
  const { order } = GROUPS[arch.group];
  return blockLayouts(arch).map(({ index, filter, pool }) => ({
    name: `block${index}`,
    pool,
    ...tf.tidy(() =>
      arch.int8?.layers === 'all'
        ? integerLayer(int8[`conv${index}.weight`], params, index, filter)
        : foldedLayer(arch, params, index, filter, order),
    ),
  }));
}

/** The trunk for inference: filters expanded and norms folded once. */
export function openTrunk(
  arch: ArchSpec,
  params: Tensors,
  int8?: GcnnModel['int8'],
  silenced?: RunModel['silenced'],
): OpenTrunk {
  const { order } = GROUPS[arch.group];
  const layers = openLayers(arch, params, int8).map((layer, i) =>
    silenced && silenced[i].length > 0 ? withoutChannels(layer, silenced[i]) : layer,
  );
  return {
    run: (x, observe) =>
      tf.tidy(() => {
        let value = x;
        for (const { name, pool, bank, bias } of layers) {
          value = tf.fused.conv2d({
            x: value,
            filter: bank,
            strides: 1,
            pad: 'same',
            bias,
            activation: 'relu',
          });
          if (pool) value = tf.maxPool(value, 2, 2, 'valid') as tf.Tensor4D;
          observe?.(name, value);
        }
        const maps = groupPool(value, order);
        observe?.('group pooling', maps);
        return maps;
      }),
    dispose: () => {
      for (const { bank, bias } of layers) tf.dispose([bank, bias]);
    },
  };
}

/** The layer with some output channels always zero; takes over its tensors. */
function withoutChannels({ name, pool, bank, bias }: OpenLayer, channels: Uint32Array): OpenLayer {
  const factors = new Float32Array(bias.size).fill(1);
  for (const channel of channels) factors[channel] = 0;
  const silenced = tf.tidy(() => {
    const factor = tf.tensor1d(factors);
    return { bank: tf.mul(bank, factor) as tf.Tensor4D, bias: tf.mul(bias, factor) as tf.Tensor1D };
  });
  tf.dispose([bank, bias]);
  return { name, pool, ...silenced };
}

/** y = a·(conv + b − mean) + shift with a = scale/√(variance+ε), as a convolution with its own bias. */
function foldedLayer(
  arch: ArchSpec,
  params: Tensors,
  index: number,
  filter: FilterShape,
  order: number,
): { bank: tf.Tensor4D; bias: tf.Tensor1D } {
  const of = (part: string): tf.Tensor1D => params[part] as tf.Tensor1D;
  const norm = normNames(`norm${index}`);
  const inverse = tf.rsqrt(tf.add(of(norm.variance), NORM_EPSILON));
  const a = tf.mul(of(norm.scale), inverse) as tf.Tensor1D;
  const centred = tf.sub(of(`conv${index}.bias`), of(norm.mean));
  const bias = tf.add(tf.mul(centred, a), of(norm.shift)) as tf.Tensor1D;
  const bank = expandFilters(params[`conv${index}.weight`], filter, arch.filters);
  // tfjs's WASM convolution reads the bias's shape from its data, which a reshape leaves behind: make new data.
  return { bank: tf.mul(bank, perChannel(a, order)), bias: tf.add(perChannel(bias, order), 0) };
}

/**
 * An integer convolution: the integers are expanded by permuting them, and each field has one scale, so all copies of
 * a weight stay equal. Activations are floats; the norm was folded in before rounding.
 */
function integerLayer(
  weight: Int8Param,
  params: Tensors,
  index: number,
  filter: FilterShape,
): { bank: tf.Tensor4D; bias: tf.Tensor1D } {
  const { order } = GROUPS[filter.group];
  const of = (part: string): tf.Tensor1D => params[`conv${index}.${part}`] as tf.Tensor1D;
  const { kernel, fieldsIn, sizeIn, fieldsOut } = filter;
  const integers = Float32Array.from(expandGrid(weight.data, filter));
  const bank = tf.tensor4d(integers, [kernel, kernel, fieldsIn * sizeIn, fieldsOut * order]);
  return {
    bank: tf.mul(bank, perChannel(of('weight_scale'), order)),
    bias: tf.add(perChannel(of('bias'), order), 0),
  };
}
