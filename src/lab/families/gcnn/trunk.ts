/**
 * The equivariant trunk: (group convolution → field norm → ReLU → maybe pool) per block, then group pooling.
 * Two forms: `trainTrunk` differentiates and uses the batch's moments; `openTrunk` folds the norms into the weights once
 * and then only convolves. How maps lie and are convolved is nn/maps'.
 */

import type { Tensors } from '../../nn/live';
import type { MapForm, Maps, OpenMapLayer } from '../../nn/maps/form';
import { preferredForm } from '../../nn/maps/forms';
import type { Int8Param, RunModel } from '../../nn/model';
import { normNames } from '../../nn/norm';
import { gridWeights } from '../../nn/ops/expand';
import { NORM_EPSILON } from '../../nn/ops/fieldNormLoops';
import * as tf from '../../runtime/tf';
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
export function trainTrunk(
  arch: ArchSpec,
  params: Tensors,
  x: tf.Tensor4D,
  form: MapForm = preferredForm(),
): TrainedTrunk {
  const { order } = GROUPS[arch.group];
  const moments: BatchMoments[] = [];
  let value = form.enter(x);
  for (const { index, filter, pool } of blockLayouts(arch)) {
    const weights = gridWeights(params[`conv${index}.weight`], filter.kernel, arch.filters);
    const response = form.convolve(value, weights, filter, index === 1 ? 'input' : undefined);
    const batch = form.moments(response, order);
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
    value = form.normReluPool(response, scale, shift, batch, pool);
  }
  return { maps: overGroup(arch, form, value), moments };
}

/** Group pooling as the head wants it: the maximum of each field's channels, or their mean. */
export function overGroup(arch: ArchSpec, form: MapForm, maps: Maps): tf.Tensor4D {
  const { order } = GROUPS[arch.group];
  return arch.head.kind === 'averaged' ? form.groupMean(maps, order) : form.groupPool(maps, order);
}

export interface OpenTrunk {
  /** Pictures [N, S, S, channels] → group-pooled maps [N, s, s, F]. `observe` sees each block's output. */
  run(x: tf.Tensor4D, observe?: (layer: string, value: tf.Tensor4D) => void): tf.Tensor4D;
  dispose(): void;
}

/** A block for inference: a convolution with the norm folded in. */
export interface OpenLayer extends OpenMapLayer {
  readonly name: string;
  readonly pool: boolean;
}

/** The trunk's blocks for inference. `int8`: the weights stored as integers. */
export function openLayers(
  arch: ArchSpec,
  params: Tensors,
  int8: GcnnModel['int8'] = {},
  form: MapForm = preferredForm(),
): OpenLayer[] {
  return blockLayouts(arch).map(({ index, filter, pool }) => {
    const { weights, bias } = tf.tidy(() =>
      arch.int8?.layers === 'all'
        ? integerLayer(int8[`conv${index}.weight`], params, index)
        : foldedLayer(arch, params, index, filter.kernel),
    );
    const layer = form.openLayer(weights, bias, filter);
    tf.dispose([weights, bias]);
    return { name: `block${index}`, pool, ...layer };
  });
}

/** The trunk for inference. */
export function openTrunk(
  arch: ArchSpec,
  params: Tensors,
  int8?: GcnnModel['int8'],
  silenced?: RunModel['silenced'],
  form: MapForm = preferredForm(),
): OpenTrunk {
  const { order } = GROUPS[arch.group];
  const layers = openLayers(arch, params, int8, form);
  return {
    run: (x, observe) =>
      tf.tidy(() => {
        let value: Maps = form.enter(x);
        for (const [i, { name, pool, run }] of layers.entries()) {
          value = run(value, pool);
          // Behind ReLU and pooling, a channel without weights and bias would be zero too.
          if (silenced && silenced[i].length > 0) value = form.silence(value, silenced[i], order);
          observe?.(name, form.leave(value));
        }
        const maps = overGroup(arch, form, value);
        observe?.('group pooling', maps);
        return maps;
      }),
    dispose: () => {
      for (const { dispose } of layers) dispose();
    },
  };
}

type Folded = { readonly weights: tf.Tensor4D; readonly bias: tf.Tensor1D };

/** y = a·(conv + b − mean) + shift with a = scale/√(variance+ε), as a convolution with its own bias per field. */
function foldedLayer(arch: ArchSpec, params: Tensors, index: number, kernel: number): Folded {
  const of = (part: string): tf.Tensor1D => params[part] as tf.Tensor1D;
  const norm = normNames(`norm${index}`);
  const inverse = tf.rsqrt(tf.add(of(norm.variance), NORM_EPSILON));
  const a = tf.mul(of(norm.scale), inverse) as tf.Tensor1D;
  const centred = tf.sub(of(`conv${index}.bias`), of(norm.mean));
  const bias = tf.add(tf.mul(centred, a), of(norm.shift)) as tf.Tensor1D;
  // The last axis is the field.
  return { weights: tf.mul(gridWeights(params[`conv${index}.weight`], kernel, arch.filters), a), bias };
}

/**
 * An integer convolution: each field has one scale, so all copies of a weight stay equal. Activations are floats; the
 * norm was folded in before rounding.
 */
function integerLayer(weight: Int8Param, params: Tensors, index: number): Folded {
  const of = (part: string): tf.Tensor1D => params[`conv${index}.${part}`] as tf.Tensor1D;
  const integers = tf.tensor4d(Float32Array.from(weight.data), [...weight.shape] as never);
  return { weights: tf.mul(integers, of('weight_scale')), bias: tf.clone(of('bias')) };
}
