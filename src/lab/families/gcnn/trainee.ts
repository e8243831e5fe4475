/** A network of group convolutions as the loop trains it. */
import type { Tensors } from '../../nn/live';
import * as tf from '../../runtime/tf';
import type { Trainee } from '../family';
import type { ArchSpec } from './arch';
import { headInput, hiddenActivations, logitsOf, openHidden } from './head';
import { openTrunk, trainTrunk } from './trunk';

export function gcnnTrainee(arch: ArchSpec): Trainee {
  return {
    last: { width: arch.head.hidden, dropout: arch.head.dropout },
    train: (params, x, mask) => {
      const { maps, moments } = trainTrunk(arch, params, x);
      const logits = logitsWithDropout(arch, params, headInput(arch, maps), mask);
      return { logits, moments, maps: () => [maps] };
    },
    open: (params) => {
      const [trunk, first] = [openTrunk(arch, params), openHidden(arch, params)];
      return {
        logits: (x) => logitsOf(params, first.hidden(headInput(arch, trunk.run(x)))),
        dispose: () => {
          trunk.dispose();
          first.dispose();
        },
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
  const hidden = hiddenActivations(arch, params, inputs, constant);
  return logitsOf(params, mask ? (tf.mul(hidden, mask) as tf.Tensor2D) : hidden);
}
