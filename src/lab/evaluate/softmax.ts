import { exp } from '../elementary';

/** Softmax probability of one class of one row of logits (rows × classes). */
export function probabilityOf(
  logits: ArrayLike<number>,
  classes: number,
  row: number,
  answer: number,
): number {
  const at = (c: number) => logits[row * classes + c];
  let greatest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) greatest = Math.max(greatest, at(c));
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += exp(at(c) - greatest);
  return exp(at(answer) - greatest) / sum;
}
