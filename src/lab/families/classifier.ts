/** A network of either family opened to answer: pictures in, logits out. Evaluation reads networks through this. */

import type { Model, RunModel } from '../nn/model';
import * as tf from '../runtime/tf';
import { isComparator } from './anyArch';
import { dense } from './gcnn/head';
import { openIntegers, openNetwork, uploadParams } from './gcnn/network';
import { openMobile } from './mobile/network';
import type { MobileSpec } from './mobile/spec';

/** Sees what each layer leaves, in order. */
export type Observe = (layer: string, value: tf.Tensor) => void;

export interface Classifier {
  /** Normalised pictures [N, S, S, channels] → logits [N, classes]. */
  logits(x: tf.Tensor4D, observe?: Observe): tf.Tensor2D;
  dispose(): void;
}

/** Uploads a model's parameters to the running backend; to be disposed by whoever opened it. */
export function openClassifier(model: RunModel): Classifier {
  const { arch } = model;
  return isComparator(arch) ? openComparator({ ...model, arch }) : openOwn({ ...model, arch });
}

function openOwn(model: Model & Pick<RunModel, 'silenced'>): Classifier {
  const network = openNetwork(model);
  return {
    logits: (x, observe) => {
      const hidden = network.hidden(network.features(x, observe));
      observe?.('hidden', hidden);
      const logits = network.logits(hidden);
      observe?.('logits', logits);
      return logits;
    },
    dispose: network.dispose,
  };
}

function openComparator(model: Model<MobileSpec>): Classifier {
  const tensors = uploadParams(model.params);
  const mobile = openMobile(model.arch, tensors, model.int8);
  const integers = openIntegers(model, 'dense');
  return {
    logits: (x, observe) =>
      tf.tidy(() => {
        const features = mobile.run(x, observe);
        observe?.('pooled', features);
        const logits = dense(tensors, 'dense', features, integers?.product);
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
