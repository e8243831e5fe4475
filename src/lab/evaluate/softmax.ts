import { exp } from '../elementary';

/** Softmax probability of one class of one row of logits (rows × classes). */
export function probabilityOf(
  logits: ArrayLike<number>,
  classes: number,
  row: number,
  answer: number,
): number {
  return probabilitiesOf(logits, classes, row)[answer];
}

/** Softmax probabilities of one row of logits (rows × classes), the logits divided by a temperature first. */
export function probabilitiesOf(
  logits: ArrayLike<number>,
  classes: number,
  row: number,
  temperature = 1,
): Float64Array {
  const shares = new Float64Array(classes);
  let greatest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) greatest = Math.max(greatest, logits[row * classes + c]);
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    shares[c] = exp((logits[row * classes + c] - greatest) / temperature);
    sum += shares[c];
  }
  for (let c = 0; c < classes; c++) shares[c] /= sum;
  return shares;
}
