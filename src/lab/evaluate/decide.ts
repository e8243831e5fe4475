/** From logits to answers, with those too close to call marked (science §8). */
import { requireFinite } from '../finite';

/** The top-2 margin below which an answer counts as undecided, as a share of the range of all logits. */
export const UNDECIDED_MARGIN = 1e-4;

export interface Decisions {
  /** Index of the largest logit of each tile, the first on ties. */
  readonly answers: Uint8Array;
  /** 1 where the lead on the second-largest is at most `UNDECIDED_MARGIN` of the logit range. */
  readonly undecided: Uint8Array;
}

/** logits: tiles × classes. Throws `NotFinite` where one is no number: then there is no answer, and no agreement. */
export function decide(logits: ArrayLike<number>, classes: number): Decisions {
  const tiles = logits.length / classes;
  const answers = new Uint8Array(tiles);
  const leads = new Float64Array(tiles);
  // Nothing of what is finite, NaN of what is not.
  let poison = 0;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // One pass for answers, leads and range: a pruning sheet decides at every slider position.
  for (let t = 0; t < tiles; t++) {
    let best = 0;
    let first = Number.NEGATIVE_INFINITY;
    let second = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      const value = logits[t * classes + c];
      poison += value * 0;
      if (value < low) low = value;
      if (value > first) {
        second = first;
        first = value;
        best = c;
      } else if (value > second) second = value;
    }
    if (first > high) high = first;
    answers[t] = best;
    leads[t] = first - second;
  }
  if (poison !== 0) requireFinite(logits, "The network's answers");
  const threshold = UNDECIDED_MARGIN * (high - low);
  const undecided = new Uint8Array(tiles);
  for (let t = 0; t < tiles; t++) undecided[t] = leads[t] <= threshold ? 1 : 0;
  return { answers, undecided };
}
