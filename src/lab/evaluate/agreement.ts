/**
 * Rotation checks on answers (science §8). Agreement is the share of decided tiles with the same answer at
 * every turn; tiles whose top-2 margin is below the threshold at some turn are undecided and counted beside.
 */
export interface Agreement {
  /** Share of decided tiles that answer the same at every turn; 1 when none is decided. */
  readonly agreement: number;
  /** Decided tiles whose answer changed with some turn. */
  readonly changed: number;
  /** Tiles too close to call at some turn. */
  readonly undecided: number;
}

/** turns: one row of answers (and of undecided flags) per turn, all over the same tiles. */
export function agreementOf(
  answers: readonly ArrayLike<number>[],
  undecided: readonly ArrayLike<number>[],
): Agreement {
  const [first] = answers;
  const tiles = first.length;
  let changed = 0;
  let open = 0;
  // Plain loops: a pruning sheet counts this at every slider position.
  for (let t = 0; t < tiles; t++) {
    let isOpen = false;
    let isChanged = false;
    for (let turn = 0; turn < answers.length; turn++) {
      if (undecided[turn][t] === 1) isOpen = true;
      if (answers[turn][t] !== first[t]) isChanged = true;
    }
    if (isOpen) open++;
    else if (isChanged) changed++;
  }
  const decided = tiles - open;
  return { agreement: decided === 0 ? 1 : 1 - changed / decided, changed, undecided: open };
}

/** Share of answers equal to the labels. */
export function accuracyOf(answers: ArrayLike<number>, labels: ArrayLike<number>): number {
  let correct = 0;
  for (let t = 0; t < labels.length; t++) if (answers[t] === labels[t]) correct++;
  return correct / labels.length;
}
