/**
 * The classifier on group-pooled feature maps, in three kinds (see arch.ts), as differentiable functions
 * shared by training and inference. Hidden activations are what the last layer reads: after ReLU and, for the
 * `orbit` head, after the maximum over orientations.
 */

import type { Tensors } from '../../nn/live';
import { dense, floatProduct, type Product } from '../../nn/ops/dense';
import { globalPool } from '../../nn/ops/globalPool';
import { splitMax } from '../../nn/ops/maxima';
import { turnAll } from '../../nn/ops/orientations';
import * as tf from '../../runtime/tf';
import { GROUPS } from '../../symmetry/group';
import { turnSource } from '../../symmetry/turn';
import type { ArchSpec } from './arch';

/** Feature maps [N, s, s, F] → what the first dense layer reads: [N, inputs], for `pooled` the average. */
export function headInput(arch: ArchSpec, maps: tf.Tensor4D): tf.Tensor2D {
  if (arch.head.kind === 'pooled') return globalPool(maps);
  const [tiles, size, , fields] = maps.shape;
  return tf.reshape(maps, [tiles, size * size * fields]);
}

/** Head inputs [N, inputs] → hidden activations [N, hidden]. */
export function hiddenActivations(
  arch: ArchSpec,
  params: Tensors,
  inputs: tf.Tensor2D,
  product: Product = floatProduct(params, 'dense1'),
): tf.Tensor2D {
  const bias = params['dense1.bias'];
  if (arch.head.kind !== 'orbit') return tf.relu(tf.add(product(inputs), bias));
  const tiles = inputs.shape[0];
  const hidden = bias.size;
  const { elements } = GROUPS[arch.group];
  const turned = orientations(arch, inputs);
  const responses = tf.reshape(product(turned), [1, elements.length, tiles * hidden]) as tf.Tensor3D;
  // The maximum commutes with adding the bias and with ReLU, so both come after it.
  return tf.relu(tf.add(tf.reshape(splitMax(responses), [tiles, hidden]), bias)) as tf.Tensor2D;
}

/** Hidden activations [N, hidden] → logits [N, classes]. */
export function logitsOf(params: Tensors, hidden: tf.Tensor2D, product?: Product): tf.Tensor2D {
  return dense(params, 'dense2', hidden, product);
}

/** The pooled maps in all |G| orientations, each flattened: [|G|·N, inputs]. */
function orientations(arch: ArchSpec, inputs: tf.Tensor2D): tf.Tensor2D {
  const fields = arch.blocks.at(-1)!.fields;
  const size = Math.sqrt(inputs.shape[1] / fields);
  return turnAll(
    inputs,
    GROUPS[arch.group].elements.map((g) => turnSource(size, g)),
    fields,
  );
}
