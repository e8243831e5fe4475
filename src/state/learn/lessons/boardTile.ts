/** The tile that a lesson turns on its board. */
import { create } from 'zustand';

interface BoardTile {
  /** Its place among those that were found. */
  readonly at: number;
  /** Quarter turns to the left, never wrapped, so that it turns on and not back; null before the first. */
  readonly turns: number | null;
}

export const useBoardTile = create<BoardTile>()(() => ({ at: 0, turns: null }));

export const turnBoardTile = (): void => useBoardTile.setState(({ turns }) => ({ turns: (turns ?? 0) + 1 }));

/** Another of the tiles, upright. */
export const nextBoardTile = (of: number): void =>
  useBoardTile.setState(({ at, turns }) => ({ at: (at + 1) % of, turns: turns === null ? null : 0 }));
