/**
 * The classifier on group-pooled feature maps, in three kinds (see arch.ts), as differentiable functions
 * shared by training and inference. Hidden activations are what the last layer reads: after ReLU and, for the
 * `orbit` head, after the maximum over orientations.
 */

import type { Tensors } from '../../nn/live';
import { type DenseOptions, dense, type Product } from '../../nn/ops/dense';
import { globalPool } from '../../nn/ops/globalPool';
import { openOrbit, orbitByTurning, orbitHidden } from '../../nn/ops/orbit/orbit';
import type { OrbitShape } from '../../nn/ops/orbit/plan';
import * as tf from '../../runtime/tf';
import { type ArchSpec, averagesMap } from './arch';
import { featureMap } from './layout';

/** Feature maps [N, s, s, F] → what the first dense layer reads: [N, inputs], the average where the head averages the map. */
export function headInput(arch: ArchSpec, maps: tf.Tensor4D): tf.Tensor2D {
  if (averagesMap(arch.head)) return globalPool(maps);
  const [tiles, size, , fields] = maps.shape;
  return tf.reshape(maps, [tiles, size * size * fields]);
}

/** Head inputs [N, inputs] → hidden activations [N, hidden]; no gradient flows to `constant` inputs. */
export function hiddenActivations(
  arch: ArchSpec,
  params: Tensors,
  inputs: tf.Tensor2D,
  constant?: 'input',
): tf.Tensor2D {
  if (arch.head.kind === 'orbit') {
    const weight = params['dense1.weight'] as tf.Tensor2D;
    return orbitHidden(inputs, weight, params['dense1.bias'] as tf.Tensor1D, orbitShape(arch), constant);
  }
  return dense(params, 'dense1', inputs, { relu: true, constant });
}

export interface OpenHidden {
  /** Head inputs [N, inputs] → hidden activations [N, hidden], without a gradient. */
  hidden(inputs: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/** The hidden layer for inference. `product`: dense1's where it is not one of floats. Tensors stay the caller's. */
export function openHidden(arch: ArchSpec, params: Tensors, product?: Product): OpenHidden {
  const bias = params['dense1.bias'] as tf.Tensor1D;
  if (product) {
    const hidden = (inputs: tf.Tensor2D) =>
      arch.head.kind === 'orbit'
        ? orbitByTurning(inputs, product, bias, orbitShape(arch))
        : dense(params, 'dense1', inputs, { relu: true, product });
    return { hidden: (inputs) => tf.tidy(() => hidden(inputs)), dispose: () => {} };
  }
  if (arch.head.kind === 'orbit')
    return openOrbit(params['dense1.weight'] as tf.Tensor2D, bias, orbitShape(arch));
  return {
    hidden: (inputs) => tf.tidy(() => hiddenActivations(arch, params, inputs)),
    dispose: () => {},
  };
}

/** Hidden activations [N, hidden] → logits [N, classes]. */
export function logitsOf(params: Tensors, hidden: tf.Tensor2D, options?: DenseOptions): tf.Tensor2D {
  return dense(params, 'dense2', hidden, options);
}

/** The maps that an `orbit` head reads. */
const orbitShape = (arch: ArchSpec): OrbitShape => ({ group: arch.group, ...featureMap(arch) });
