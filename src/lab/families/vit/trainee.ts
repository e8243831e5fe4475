/** A transformer as the loop trains it. */
import * as tf from '../../runtime/tf';
import type { Trainee } from '../family';
import { mapsRead } from './actions';
import { expandVit } from './expanded';
import { asMaps, runVit } from './forward';
import { openPlain } from './network';
import type { VitSpec } from './spec';

export function vitTrainee(spec: VitSpec): Trainee {
  return {
    last: { width: spec.fields, dropout: spec.dropout },
    train: (params, x, mask) => {
      const seen = new Map<string, tf.Tensor2D>();
      const logits = runVit(spec, expandVit(spec, params), x, {
        pooled: (value) => (mask ? tf.mul(value, mask) : value),
        rows: (name, rows) => seen.set(name, rows),
      });
      const maps = () => mapsRead(spec).map((name) => asMaps(spec, name, seen.get(name)!));
      // A layer norm has no running statistics.
      return { logits, moments: [], maps };
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
