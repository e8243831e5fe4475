/** From logits to answers, with those too close to call marked (science §8). */

/** The top-2 margin below which an answer counts as undecided, as a share of the range of all logits. */
export const UNDECIDED_MARGIN = 1e-4;

export interface Decisions {
  /** Index of the largest logit of each tile, the first on ties. */
  readonly answers: Uint8Array;
  /** 1 where the lead on the second-largest is at most `UNDECIDED_MARGIN` of the logit range. */
  readonly undecided: Uint8Array;
}

/** logits: tiles × classes. */
export function decide(logits: ArrayLike<number>, classes: number): Decisions {
  const tiles = logits.length / classes;
  const threshold = UNDECIDED_MARGIN * range(logits);
  const answers = new Uint8Array(tiles);
  const undecided = new Uint8Array(tiles);
  for (let t = 0; t < tiles; t++) {
    let best = 0;
    let [first, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let c = 0; c < classes; c++) {
      const value = logits[t * classes + c];
      if (value > first) {
        second = first;
        first = value;
        best = c;
      } else if (value > second) second = value;
    }
    answers[t] = best;
    undecided[t] = first - second <= threshold ? 1 : 0;
  }
  return { answers, undecided };
}

/** Largest minus smallest. */
export function range(values: ArrayLike<number>): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return high - low;
}
