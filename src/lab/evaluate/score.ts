/** Accuracy and mean cross-entropy of logits on labelled tiles. */
import { imbalanceOf } from '../data/imbalance';
import { exp, log } from '../elementary';
import { requireFinite } from '../finite';

export interface Score {
  /** Share of tiles whose largest logit is the label's, 0 … 1. */
  readonly accuracy: number;
  /** Mean over the classes that have tiles of the share answered right; absent where the classes are nearly equal. */
  readonly balanced?: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Index of the largest logit of each tile; absent where answers are no classes. */
  readonly answers?: Uint8Array;
}

/** logits: tiles × classes. Throws when there is no tile, and `NotFinite` where a logit is no number. */
export function scoreLogits(logits: Float32Array, labels: ArrayLike<number>): Score {
  const tiles = labels.length;
  if (tiles === 0) throw new Error('A score needs at least one tile.');
  requireFinite(logits, "The network's answers");
  const classes = logits.length / tiles;
  const answers = new Uint8Array(tiles);
  let correct = 0;
  let loss = 0;
  for (let i = 0; i < tiles; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    answers[i] = argmax(row);
    if (answers[i] === labels[i]) correct++;
    loss += logSumExp(row) - row[labels[i]];
  }
  const balanced = balancedAccuracy(answers, labels, classes);
  return {
    accuracy: correct / tiles,
    ...(balanced !== null && { balanced }),
    loss: loss / tiles,
    answers,
  };
}

/** The mean of the classes' own accuracies, 0 … 1; null where their sizes are nearly equal, so that it says nothing new. */
export function balancedAccuracy(
  answers: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): number | null {
  const [right, all] = [new Array<number>(classes).fill(0), new Array<number>(classes).fill(0)];
  for (let i = 0; i < labels.length; i++) {
    all[labels[i]]++;
    if (answers[i] === labels[i]) right[labels[i]]++;
  }
  if (imbalanceOf(all) === null) return null;
  const shares = all.flatMap((n, label) => (n > 0 ? [right[label] / n] : []));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Index of the largest value; the first on ties. */
export function argmax(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}

/** ln of the sum of e^value. */
export function logSumExp(row: Float32Array | Float64Array): number {
  const largest = row[argmax(row)];
  let sum = 0;
  for (const value of row) sum += exp(value - largest);
  return largest + log(sum);
}
