/** A model opened for inference: live tensors behind three functions, to be disposed by whoever opened it. */
import * as tf from '../runtime/tf';
import type { ArchSpec } from './arch';
import { headInput, hiddenActivations, logitsOf } from './head';
import type { Model, Params } from './model';
import { openTrunk } from './trunk';

export interface Network {
  readonly arch: ArchSpec;
  /** Normalised pictures [N, S, S, channels] → what the head reads [N, inputs]. */
  features(x: tf.Tensor4D, observe?: (layer: string, value: tf.Tensor4D) => void): tf.Tensor2D;
  /** [N, inputs] → hidden activations [N, hidden]. */
  hidden(features: tf.Tensor2D): tf.Tensor2D;
  /** [N, hidden] → logits [N, classes]. */
  logits(hidden: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/** Uploads a model's parameters to the running backend. */
export function openNetwork(model: Pick<Model, 'arch' | 'params'>): Network {
  const { arch } = model;
  const tensors = uploadParams(model.params);
  const trunk = openTrunk(arch, tensors);
  return {
    arch,
    features: (x, observe) => tf.tidy(() => headInput(arch, trunk.run(x, observe))),
    hidden: (features) => tf.tidy(() => hiddenActivations(arch, tensors, features)),
    logits: (hidden) => tf.tidy(() => logitsOf(tensors, hidden)),
    dispose: () => {
      trunk.dispose();
      tf.dispose(Object.values(tensors));
    },
  };
}

/** Parameters as live tensors; the caller owns them. */
export function uploadParams(params: Params): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')]),
  );
}
