/**
 * One number by which all logits are divided, so that probabilities are as large as the network is often right (Guo et
 * al. 2017, §4.2). It changes no answer. Validation tiles choose it, never the tiles it is judged on.
 */
import { exp, log } from '../../elementary';
import { logSumExp } from '../score';
import { probabilitiesOf } from '../softmax';

/** Beyond, probabilities are all or nothing, or all alike. */
export const COLDEST = 0.05;
export const HOTTEST = 20;
/** Halvings of the range: behind them the two ends are a few last places apart. */
const HALVINGS = 52;

export interface Temperature {
  /** Above 1: the network is too sure of itself. */
  readonly value: number;
  /** Tiles that chose it. */
  readonly tiles: number;
  /** Their mean cross-entropy in nats, as the network is and at this temperature. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Whether the best is beyond the range that is searched: as where every tile is answered rightly. */
  readonly atEdge: boolean;
}

/**
 * The temperature with the least cross-entropy, or null without a tile. The loss is convex in 1 / temperature, so its slope
 * changes its sign once, and halving finds where.
 *
 * @param logits tiles × classes, of validation tiles.
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Temperature | null {
  const tiles = labels.length;
  if (tiles === 0) return null;
  const slope = (temperature: number) => slopeAt(logits, labels, classes, temperature);
  const loss = (temperature: number) => meanLoss(logits, labels, classes, temperature);
  const lossBefore = loss(1);
  const found = (value: number, atEdge: boolean): Temperature => {
    const lossAfter = loss(value);
    // Where there is next to nothing to win, rounding may lose it.
    if (!(lossAfter < lossBefore))
      return { value: 1, tiles, lossBefore, lossAfter: lossBefore, atEdge: false };
    return { value, tiles, lossBefore, lossAfter, atEdge };
  };
  if (slope(COLDEST) <= 0) return found(COLDEST, true);
  if (slope(HOTTEST) >= 0) return found(HOTTEST, true);
  let [low, high] = [log(COLDEST), log(HOTTEST)];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (slope(exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return found(exp((low + high) / 2), false);
}

/** Mean cross-entropy in nats of logits (tiles × classes) divided by a temperature. */
export function meanLoss(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  temperature = 1,
): number {
  const row = new Float64Array(classes);
  let sum = 0;
  for (let t = 0; t < labels.length; t++) {
    for (let c = 0; c < classes; c++) row[c] = logits[t * classes + c] / temperature;
    sum += logSumExp(row) - row[labels[t]];
  }
  return sum / labels.length;
}

/** How the loss grows with 1 / temperature: the mean of what logits are expected to be, without that of the label. */
function slopeAt(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  temperature: number,
): number {
  let sum = 0;
  for (let t = 0; t < labels.length; t++) {
    const shares = probabilitiesOf(logits, classes, t, temperature);
    for (let c = 0; c < classes; c++)
      sum += shares[c] * (logits[t * classes + c] - logits[t * classes + labels[t]]);
  }
  return sum / labels.length;
}
