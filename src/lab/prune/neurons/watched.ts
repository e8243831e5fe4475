/**
 * The tiles watched while units go: a dozen of the validation tiles, chosen by when their answer first changes along one
 * curve, so that some change early, some late and some never. What a network answers to them costs nothing more: their
 * logits are among those that each slider position is made of.
 */
import type { Dataset } from '../../data/dataset';
import type { Decisions } from '../../evaluate/decide';
import { type Pictures, picturesOf } from './portraits';

/** How many are watched, where there are as many. */
export const WATCHED = 12;
/** Stands for an answer that is too close to call (evaluate/decide.ts). */
export const TOO_CLOSE = 255;
/** Quarter turns that a tile is answered at. */
const TURNS = 4;
/** Largest side of a picture, in pixels. */
const SIDE = 64;

export interface Watched extends Pictures {
  /** Dataset indices, by when their answer first changes. */
  readonly tiles: Uint32Array;
  readonly labels: Uint8Array;
}

/** Answers of all tiles by the number of units kept: row k, tiles long. */
export interface AnswerRows {
  readonly tiles: number;
  readonly units: number;
  readonly answers: Uint8Array;
  /** 1 where an answer is too close to call. */
  readonly undecided: Uint8Array;
}

/** How many units are gone when each tile's answer is first another than the whole network's; infinity: it never is. */
export function firstChanges(rows: AnswerRows, stops: ArrayLike<number>): Float64Array {
  const { tiles, units, answers } = rows;
  const first = new Float64Array(tiles).fill(Number.POSITIVE_INFINITY);
  for (let i = stops.length - 1; i >= 0; i--) {
    const kept = units - stops[i];
    for (let t = 0; t < tiles; t++)
      if (answers[kept * tiles + t] !== answers[units * tiles + t]) first[t] = stops[i];
  }
  return first;
}

/**
 * Chooses tiles (positions among `labels`), by when they first change. Of those that the whole network gets right, clearly
 * (of all, where these are too few), in the order of their first change, one out of each twelfth: of the class that was
 * chosen least, the earlier among equals. The first to change is among them, one that never does where there is one, and
 * `pinned`, where it is among the tiles, in place of the one of its twelfth.
 */
export function chooseWatched(
  rows: AnswerRows,
  stops: ArrayLike<number>,
  labels: ArrayLike<number>,
  pinned = -1,
): Uint32Array {
  const { tiles, units, answers, undecided } = rows;
  const first = firstChanges(rows, stops);
  const whole = units * tiles;
  const all = Array.from({ length: tiles }, (_, tile) => tile);
  const right = all.filter(
    (tile) => tile === pinned || (answers[whole + tile] === labels[tile] && undecided[whole + tile] === 0),
  );
  const from = right.length >= WATCHED ? right : all;
  from.sort((a, b) => (first[a] === first[b] ? a - b : first[a] - first[b]));
  const shown = new Map<number, number>();
  const most = Math.min(WATCHED, from.length);
  const chosen = Array.from({ length: most }, (_, i) => {
    const part = from.slice(Math.floor((i * from.length) / most), Math.floor(((i + 1) * from.length) / most));
    const steady = part.filter((tile) => first[tile] === Number.POSITIVE_INFINITY);
    const places = i === 0 ? part.slice(0, 1) : i === most - 1 && steady.length > 0 ? steady : part;
    const times = (tile: number) => shown.get(labels[tile]) ?? 0;
    const least = Math.min(...places.map(times));
    const tile = part.includes(pinned) ? pinned : places.find((each) => times(each) === least)!;
    shown.set(labels[tile], times(tile) + 1);
    return tile;
  });
  return Uint32Array.from(chosen);
}

/** Answers to watched tiles by the number of units kept, four turns each: looked up by `answerAt`. */
export class WatchedAnswers {
  readonly values: Uint8Array;

  constructor(
    units: number,
    private readonly rows: Uint32Array,
  ) {
    this.values = new Uint8Array((units + 1) * TURNS * rows.length).fill(TOO_CLOSE);
  }

  /** Takes the answers of all tiles at the four turns, upright first. */
  take(kept: number, turns: readonly Decisions[]): void {
    const { rows, values } = this;
    for (const [turn, { answers, undecided }] of turns.entries())
      for (let i = 0; i < rows.length; i++)
        values[(kept * TURNS + turn) * rows.length + i] = undecided[rows[i]] ? TOO_CLOSE : answers[rows[i]];
  }
}

/** The answer to the watched tile `i` of `count` with so many units kept, at a quarter turn; `TOO_CLOSE` where there is none. */
export const answerAt = (values: Uint8Array, count: number, kept: number, turn: number, i: number): number =>
  values[(kept * TURNS + turn) * count + i];

/** Watched tiles by their positions among those that a study has run; the ones it has not are left out. */
export function watchedAmong(tiles: Uint32Array, wanted: Uint32Array): Map<number, number> {
  const rows = new Map(Array.from(tiles, (tile, row) => [tile, row]));
  return new Map([...wanted].filter((tile) => rows.has(tile)).map((tile) => [rows.get(tile)!, tile]));
}

/** Those positions, in order. */
export const watchedRows = (tiles: Uint32Array, wanted: Uint32Array): Uint32Array =>
  Uint32Array.from(watchedAmong(tiles, wanted).keys());

/** rows: positions among `tiles`, which are dataset indices. */
export function watchedOf(
  dataset: Dataset,
  tiles: Uint32Array,
  labels: Uint8Array,
  rows: Uint32Array,
): Watched {
  const chosen = rows.map((row) => tiles[row]);
  return {
    tiles: chosen,
    labels: Uint8Array.from(rows, (row) => labels[row]),
    ...picturesOf(dataset, chosen, SIDE),
  };
}
