/** What is counted while many pictures are classified: it grows row by row, and never holds them all. */
import type { BatchRow, Flag } from './row';

/** A picture that is shown: the first ones, and those with the least sure answers. */
export interface ShownRow {
  readonly path: string;
  readonly answer: number | null;
  /** Of the answer; null without one. */
  readonly probability: number | null;
  readonly agreement: number | null;
  readonly flags: readonly Flag[];
  readonly note: string;
  /** THUMBNAIL × THUMBNAIL × 3 bytes; null where nothing could be read. */
  readonly thumbnail: Uint8Array | null;
}

export interface BatchSummary {
  readonly done: number;
  /** Pictures answered so, by class. */
  readonly counts: readonly number[];
  /** Rows with each flag that there is. */
  readonly flags: Readonly<Partial<Record<Flag, number>>>;
  readonly first: readonly ShownRow[];
  /** By their probabilities, the least first. */
  readonly unsure: readonly ShownRow[];
  /** The first that could not be read. */
  readonly unreadable: readonly ShownRow[];
}

/** Side of a thumbnail, in pixels. */
export const THUMBNAIL = 40;
/** Rows of each list. */
export const SHOWN = 24;

export const emptySummary = (classes: number): BatchSummary => ({
  done: 0,
  counts: new Array<number>(classes).fill(0),
  flags: {},
  first: [],
  unsure: [],
  unreadable: [],
});

/** A row and its thumbnail. */
export interface SeenRow {
  readonly row: BatchRow;
  /** Made where it is asked for: of most rows nothing is shown. */
  thumbnail(): Uint8Array | null;
}

/** The summary with some rows more. */
export function withRows(before: BatchSummary, seen: readonly SeenRow[]): BatchSummary {
  const counts = [...before.counts];
  const flags = { ...before.flags };
  const first = [...before.first];
  const unsure = [...before.unsure];
  const unreadable = [...before.unreadable];
  for (const each of seen) {
    const { row } = each;
    for (const flag of row.flags) flags[flag] = (flags[flag] ?? 0) + 1;
    let shown: ShownRow | undefined;
    const show = (): ShownRow => {
      shown ??= shownOf(each);
      return shown;
    };
    if (first.length < SHOWN) first.push(show());
    if (row.answer === null) {
      if (unreadable.length < SHOWN) unreadable.push(show());
      continue;
    }
    counts[row.answer]++;
    const probability = row.probabilities[row.answer];
    if (unsure.length < SHOWN || probability < unsure[unsure.length - 1].probability!) {
      // Behind those that are as sure: who came first stays first.
      const at = unsure.findIndex((other) => other.probability! > probability);
      unsure.splice(at < 0 ? unsure.length : at, 0, show());
      unsure.length = Math.min(unsure.length, SHOWN);
    }
  }
  return { done: before.done + seen.length, counts, flags, first, unsure, unreadable };
}

function shownOf({ row, thumbnail }: SeenRow): ShownRow {
  const { path, answer, flags, note } = row;
  return {
    ...{ path, answer, flags, note },
    probability: row.answer === null ? null : row.probabilities[row.answer],
    agreement: row.answer === null ? null : row.agreement,
    thumbnail: thumbnail(),
  };
}
