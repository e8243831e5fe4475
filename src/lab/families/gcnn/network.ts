/** A model opened for inference: live tensors behind three functions, to be disposed by whoever opened it. */

import type { AnyModel, Model, Params, RunModel } from '../../nn/model';
import { type Int8Product, openInt8Product } from '../../quantize/product';
import * as tf from '../../runtime/tf';
import type { ArchSpec } from './arch';
import { headInput, hiddenActivations, logitsOf } from './head';
import { isHeadParam } from './layout';
import { openTrunk } from './trunk';

export interface OpenHead {
  /** [N, inputs] → hidden activations [N, hidden]. */
  hidden(features: tf.Tensor2D): tf.Tensor2D;
  /** [N, hidden] → logits [N, classes]. */
  logits(hidden: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

export interface Network extends OpenHead {
  readonly arch: ArchSpec;
  /** Normalised pictures [N, S, S, channels] → what the head reads [N, inputs]. */
  features(x: tf.Tensor4D, observe?: (layer: string, value: tf.Tensor4D) => void): tf.Tensor2D;
}

type Opened = Pick<Model, 'arch' | 'params' | 'int8'> & Pick<RunModel, 'silenced'>;

/** Uploads a model's parameters to the running backend. */
export function openNetwork(model: Opened): Network {
  const { arch, params, int8, silenced } = model;
  const tensors = uploadParams(part(params, (name) => !isHeadParam(name)));
  const trunk = openTrunk(arch, tensors, int8, silenced);
  const head = openHead(model);
  return {
    ...head,
    arch,
    features: (x, observe) => tf.tidy(() => headInput(arch, trunk.run(x, observe))),
    dispose: () => {
      trunk.dispose();
      head.dispose();
      tf.dispose(Object.values(tensors));
    },
  };
}

/** Uploads the dense layers only, for rows of features that a trunk has left. */
export function openHead({ arch, params, int8 }: Opened): OpenHead {
  const tensors = uploadParams(part(params, isHeadParam));
  const integers = ['dense1', 'dense2'].map((layer) => openIntegers({ arch, params, int8 }, layer));
  return {
    hidden: (features) => tf.tidy(() => hiddenActivations(arch, tensors, features, integers[0]?.product)),
    logits: (hidden) => tf.tidy(() => logitsOf(tensors, hidden, integers[1]?.product)),
    dispose: () => {
      tf.dispose(Object.values(tensors));
      for (const each of integers) each?.dispose();
    },
  };
}

/** The integer product of a dense layer, where its weights are integers. */
export function openIntegers(
  { arch, params, int8 }: Pick<AnyModel, 'arch' | 'params' | 'int8'>,
  layer: string,
): Int8Product | undefined {
  if (!arch.int8 || !int8) return undefined;
  return openInt8Product(int8[`${layer}.weight`], params[`${layer}.weight_scale`].data[0], arch.int8.range);
}

/** Parameters as live tensors; the caller owns them. */
export function uploadParams(params: Params): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')]),
  );
}

function part(params: Params, chosen: (name: string) => boolean): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => chosen(name)));
}
