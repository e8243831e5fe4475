/** Two networks on the same tiles: what a step won and lost. */
import { midP } from '../../statistics/exact';
import type { ClassReport, TileAnswer } from './classReport';

export interface TileChange {
  readonly before: TileAnswer;
  readonly after: TileAnswer;
  /** Wrong before and right now; the reverse; or wrong both times, as another class. */
  readonly change: 'gained' | 'lost' | 'otherwise wrong';
}

export interface Comparison {
  /** Share of right answers, after less before. */
  readonly difference: number;
  readonly gained: number;
  readonly lost: number;
  /** McNemar’s test with mid-p, two-sided: how probable gains and losses so uneven are where neither network is better. */
  readonly p: number;
  /** Recall of each class; null where there is no tile of it. */
  readonly recall: readonly { readonly before: number | null; readonly after: number | null }[];
  /** Tiles with another answer, in their order. */
  readonly changes: readonly TileChange[];
}

/** Throws unless both are of the same tiles in the same order. */
export function compareReports(before: ClassReport, after: ClassReport): Comparison {
  if (before.n !== after.n || before.tiles.some(({ key }, t) => key !== after.tiles[t].key))
    throw new Error('Two reports can be compared on the same tiles alone.');
  const changes = after.tiles.flatMap((tile, t): TileChange[] => {
    const was = before.tiles[t];
    if (was.answer === tile.answer) return [];
    const change = tile.right ? 'gained' : was.right ? 'lost' : 'otherwise wrong';
    return [{ before: was, after: tile, change }];
  });
  const count = (which: TileChange['change']) => changes.filter(({ change }) => change === which).length;
  const [gained, lost] = [count('gained'), count('lost')];
  return {
    difference: (gained - lost) / after.n,
    gained,
    lost,
    p: midP(gained, lost),
    recall: after.perClass.map(({ recall }, c) => ({ before: before.perClass[c].recall, after: recall })),
    changes,
  };
}
