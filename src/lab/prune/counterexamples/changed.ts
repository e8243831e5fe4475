/** Tiles on which a network that was pruned wrongly answers otherwise than the one that was pruned rightly, to be looked at. */
import { pixelsOf } from '../../data/tiles';
import { type Decisions, decide } from '../../evaluate/decide';
import { acrossClasses } from '../neurons/minds';
import type { Study } from '../neurons/study';

/** A validation tile, and what both networks say of it at 0°, 90°, 180° and 270°: class indices. */
export interface ChangedTile {
  readonly label: number;
  readonly right: readonly number[];
  readonly wrong: readonly number[];
  /** size × size × channels bytes. */
  readonly pixels: Uint8Array;
}

export interface ChangedTiles {
  /** How many there are, also of those that are not shown. */
  readonly found: number;
  readonly size: number;
  readonly channels: number;
  readonly shown: readonly ChangedTile[];
}

/** Tiles that are shown. */
export const MOST_CHANGED = 40;

export const decisionsOf = (logits: readonly Float32Array[], classes: number): Decisions[] =>
  logits.map((each) => decide(each, classes));

/**
 * Rows of the study's validation tiles on which the wrong network's answers are other ones: than the right network's, or,
 * `turning`, than its own upright. Those too close to call are no change. Of as many classes as there are, first those first.
 */
export function changedRows(
  { dataset, tiles }: Pick<Study, 'dataset' | 'tiles'>,
  right: readonly Decisions[],
  wrong: readonly Decisions[],
  turning: boolean,
): number[] {
  const rows = Array.from(tiles.keys()).filter((row) => {
    if (!wrong.every(({ undecided }) => undecided[row] === 0)) return false;
    if (turning) return wrong.some(({ answers }) => answers[row] !== wrong[0].answers[row]);
    return right[0].undecided[row] === 0 && right[0].answers[row] !== wrong[0].answers[row];
  });
  return acrossClasses(rows, (row) => dataset.labels[tiles[row]]);
}

export function changedTiles(
  { dataset, tiles }: Pick<Study, 'dataset' | 'tiles'>,
  rows: readonly number[],
  right: readonly Decisions[],
  wrong: readonly Decisions[],
): ChangedTiles {
  const { size, channels, labels } = dataset;
  const shown = rows.slice(0, MOST_CHANGED).map((row) => ({
    label: labels[tiles[row]],
    right: right.map(({ answers }) => answers[row]),
    wrong: wrong.map(({ answers }) => answers[row]),
    pixels: pixelsOf(dataset, tiles[row]).slice(),
  }));
  return { found: rows.length, size, channels, shown };
}
