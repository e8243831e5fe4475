/** A network of either family as the loop trains it: logits that differentiate, and an open form to validate with. */

import { type AnyArch, isComparator } from '../families/anyArch';
import type { ArchSpec } from '../families/gcnn/arch';
import { dense, headInput, hiddenActivations, logitsOf, type Tensors } from '../families/gcnn/head';
import { openTrunk, trainTrunk } from '../families/gcnn/trunk';
import { openMobile, trainMobile } from '../families/mobile/network';
import type { MobileSpec } from '../families/mobile/spec';
import type { Moments } from '../nn/ops/fieldNorm';
import * as tf from '../runtime/tf';

export interface Trainee {
  /** What dropout acts on, in front of the last dense layer: how many numbers, and the share that is dropped. */
  readonly last: { readonly width: number; readonly dropout: number };
  /** Logits of a batch [N, S, S, channels] with norms from it; `mask` multiplies what `last` describes. */
  train(params: Tensors, x: tf.Tensor4D, mask: tf.Tensor2D | null): TrainedLogits;
  /** The network as it answers: running statistics, folded once. */
  open(params: Tensors): { logits(x: tf.Tensor4D): tf.Tensor2D; dispose(): void };
}

export interface TrainedLogits {
  readonly logits: tf.Tensor2D;
  /** Batch moments by norm layer, for the running statistics. */
  readonly moments: readonly (Moments & { readonly count: number })[];
}

export function traineeOf(arch: AnyArch): Trainee {
  return isComparator(arch) ? comparator(arch) : own(arch);
}

function own(arch: ArchSpec): Trainee {
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

function comparator(spec: MobileSpec): Trainee {
  return {
    last: { width: spec.features, dropout: spec.dropout },
    train: (params, x, mask) => {
      const { features, moments } = trainMobile(spec, params, x);
      return { logits: dense(params, 'dense', applyDropout(features, mask)), moments };
    },
    open: (params) => {
      const mobile = openMobile(spec, params);
      return { logits: (x) => dense(params, 'dense', mobile.run(x)), dispose: mobile.dispose };
    },
  };
}

/** Logits from head inputs [N, inputs] with some hidden activations dropped. */
export function logitsWithDropout(
  arch: ArchSpec,
  params: Tensors,
  inputs: tf.Tensor2D,
  mask: tf.Tensor2D | null,
): tf.Tensor2D {
  return logitsOf(params, applyDropout(hiddenActivations(arch, params, inputs), mask));
}

function applyDropout(x: tf.Tensor2D, mask: tf.Tensor2D | null): tf.Tensor2D {
  return mask ? (tf.mul(x, mask) as tf.Tensor2D) : x;
}
