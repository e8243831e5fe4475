/** Land cut into parcels: an irregular grid, turned. */

import { PIXELS, SIDE } from './canvas';
import { across, type Direction, type Random } from './random';

export interface Parcels {
  /** How many there may be: all indices are smaller. */
  readonly count: number;
  /** Parcel of each pixel. */
  readonly index: Uint16Array;
  /** Distance of each pixel to the nearest border of its parcel. */
  readonly edge: Float64Array;
  /** Pixels along the grid's direction and across it, from the tile's centre. */
  readonly along: Float64Array;
  readonly aside: Float64Array;
}

const REACH = 48;

/**
 * Strips along `direction`, `width` pixels wide (from … to), each cut into parcels `length` pixels long.
 */
export function parcels(
  random: Random,
  direction: Direction,
  length: readonly [number, number],
  width: readonly [number, number],
): Parcels {
  const strips = cuts(random, width);
  const pieces = strips.map(() => cuts(random, length));
  const most = Math.max(...pieces.map((list) => list.length));
  const side = across(direction);
  const index = new Uint16Array(PIXELS);
  const edge = new Float64Array(PIXELS);
  const along = new Float64Array(PIXELS);
  const aside = new Float64Array(PIXELS);
  for (let i = 0; i < PIXELS; i++) {
    const x = (i % SIDE) - SIDE / 2 + 0.5;
    const y = Math.floor(i / SIDE) - SIDE / 2 + 0.5;
    along[i] = x * direction.x + y * direction.y;
    aside[i] = x * side.x + y * side.y;
    const strip = interval(strips, aside[i]);
    const piece = interval(pieces[strip], along[i]);
    index[i] = strip * most + piece;
    edge[i] = Math.min(toBorder(strips, strip, aside[i]), toBorder(pieces[strip], piece, along[i]));
  }
  return { count: strips.length * most, index, edge, along, aside };
}

/** Ascending cuts that cover −REACH … REACH; the first lies below it. */
function cuts(random: Random, [least, most]: readonly [number, number]): number[] {
  const list = [-REACH - random.range(0, most)];
  while (list[list.length - 1] < REACH) list.push(list[list.length - 1] + random.range(least, most));
  return list;
}

/** The i with list[i] ≤ value < list[i + 1]. */
function interval(list: readonly number[], value: number): number {
  let i = 0;
  while (i + 2 < list.length && list[i + 1] <= value) i++;
  return i;
}

function toBorder(list: readonly number[], i: number, value: number): number {
  return Math.min(value - list[i], list[i + 1] - value);
}
