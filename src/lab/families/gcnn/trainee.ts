/** A network of group convolutions as the loop trains it. */
import type { Tensors } from '../../nn/live';
import { floatProduct } from '../../nn/ops/dense';
import * as tf from '../../runtime/tf';
import type { Trainee } from '../family';
import type { ArchSpec } from './arch';
import { headInput, hiddenActivations, logitsOf } from './head';
import { openTrunk, trainTrunk } from './trunk';

export function gcnnTrainee(arch: ArchSpec): Trainee {
  return {
    last: { width: arch.head.hidden, dropout: arch.head.dropout },
    train: (params, x, mask) => {
      const { maps, moments } = trainTrunk(arch, params, x);
      return { logits: logitsWithDropout(arch, params, headInput(arch, maps), mask), moments };
    },
    open: (params) => {
      const trunk = openTrunk(arch, params);
      return {
        logits: (x) => logitsWithDropout(arch, params, headInput(arch, trunk.run(x)), null),
        dispose: trunk.dispose,
      };
    },
  };
}

/** Logits from head inputs [N, inputs] with some hidden activations dropped; no gradient flows to a `constant` input. */
export function logitsWithDropout(
  arch: ArchSpec,
  params: Tensors,
  inputs: tf.Tensor2D,
  mask: tf.Tensor2D | null,
  constant?: 'input',
): tf.Tensor2D {
  const hidden = hiddenActivations(arch, params, inputs, floatProduct(params, 'dense1', constant));
  return logitsOf(params, mask ? (tf.mul(hidden, mask) as tf.Tensor2D) : hidden);
}
