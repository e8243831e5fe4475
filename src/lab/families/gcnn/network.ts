/** A model opened for inference: live tensors behind three functions, to be disposed by whoever opened it. */

import { uploadParams } from '../../nn/live';
import type { Params } from '../../nn/model';
import { openIntegers } from '../../nn/ops/dense';
import * as tf from '../../runtime/tf';
import type { Classifier, OpenedModel } from '../family';
import type { ArchSpec } from './arch';
import { headInput, logitsOf, openHidden } from './head';
import { DENSE_LAYERS, isHeadParam } from './layout';
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

type Opened = OpenedModel<ArchSpec>;

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

/** The same as pictures in, logits out, with all that is to be seen on the way. */
export function openGcnn(model: Opened): Classifier {
  const network = openNetwork(model);
  return {
    logits: (x, observe) =>
      tf.tidy(() => {
        const hidden = network.hidden(network.features(x, observe));
        observe?.('hidden', hidden);
        const logits = network.logits(hidden);
        observe?.('logits', logits);
        return logits;
      }),
    dispose: network.dispose,
  };
}

/** Uploads the dense layers only, for rows of features that a trunk has left. */
export function openHead({ arch, params, int8 }: Opened): OpenHead {
  const tensors = uploadParams(part(params, isHeadParam));
  const integers = DENSE_LAYERS.map((layer) => openIntegers({ arch, params, int8 }, layer));
  const first = openHidden(arch, tensors, integers[0]?.product);
  return {
    hidden: first.hidden,
    logits: (hidden) => tf.tidy(() => logitsOf(tensors, hidden, { product: integers[1]?.product })),
    dispose: () => {
      first.dispose();
      tf.dispose(Object.values(tensors));
      for (const each of integers) each?.dispose();
    },
  };
}

function part(params: Params, chosen: (name: string) => boolean): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => chosen(name)));
}
