/** A transformer as the loop trains it. */
import * as tf from '../../runtime/tf';
import type { Trainee } from '../family';
import { expandVit } from './expanded';
import { runVit } from './forward';
import { openPlain } from './network';
import type { VitSpec } from './spec';

export function vitTrainee(spec: VitSpec): Trainee {
  return {
    last: { width: spec.fields, dropout: spec.dropout },
    train: (params, x, mask) => {
      const pooled = (value: tf.Tensor2D): tf.Tensor2D => (mask ? tf.mul(value, mask) : value);
      // A layer norm has no running statistics.
      return { logits: runVit(spec, expandVit(spec, params), x, { pooled }), moments: [] };
    },
    open: (params) => {
      const plain = openPlain(spec, params);
      return {
        logits: (x) => runVit(spec, plain, x),
        dispose: () => tf.dispose(Object.values(plain)),
      };
    },
  };
}
