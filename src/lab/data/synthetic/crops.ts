/** Ploughed and planted land. Furrows of AnnualCrop run north–south, rows of PermanentCrop east–west. */

import { blend, type Canvas, type Colour, clouds, light, PIXELS, shade, wave } from './canvas';
import { DIFFICULTY } from './difficulty';
import { type Parcels, parcels } from './parcels';
import { across, anyDirection, type Direction, nearEastWest, type Random } from './random';
import { crown } from './shapes';

const FIELDS: readonly Colour[] = [
  [196, 146, 122],
  [168, 140, 126],
  [140, 118, 112],
  [178, 128, 108],
  [64, 96, 82],
  [112, 146, 66],
  [92, 126, 78],
  [206, 176, 154],
];
const ORCHARDS: readonly Colour[] = [
  [150, 122, 98],
  [128, 108, 88],
  [170, 144, 112],
  [104, 102, 80],
  [124, 116, 88],
];
const TRACK: readonly Colour[] = [
  [186, 168, 152],
  [140, 128, 120],
];
const TREE: readonly Colour[] = [
  [44, 68, 62],
  [58, 82, 66],
];

/** The direction of a class's lines: near its own axis, seldom any. */
export function usualDirection(random: Random, axis: 'east-west' | 'north-south'): Direction {
  if (random.chance(DIFFICULTY.anyDirection)) return anyDirection(random);
  const direction = nearEastWest(random, DIFFICULTY.turn);
  return axis === 'east-west' ? direction : across(direction);
}

/** Large, even fields with fine furrows. */
export function annualCrop(canvas: Canvas, random: Random): void {
  const land = parcels(random, usualDirection(random, 'north-south'), [26, 64], [14, 44]);
  paintParcels(canvas, random, land, FIELDS);
  const furrows = random.range(0.05, 0.13);
  const period = perParcel(land, () => random.range(5, 9));
  const depth = perParcel(land, () => (random.chance(0.7) ? furrows : 0.01));
  for (let i = 0; i < PIXELS; i++) {
    const parcel = land.index[i];
    light(canvas, i, 1 + depth[parcel] * wave(land.aside[i] / period[parcel]));
  }
  if (random.chance(0.6)) paintBorders(canvas, land, shade(random, TRACK), random.range(0.3, 0.9));
}

/** Small plots with coarse rows of trees or vines, broken along the row. */
export function permanentCrop(canvas: Canvas, random: Random): void {
  const land = parcels(random, usualDirection(random, 'east-west'), [14, 46], [9, 26]);
  paintParcels(canvas, random, land, ORCHARDS);
  const depth = random.range(0.12, 0.24);
  const period = perParcel(land, () => random.range(4.5, 7));
  const gap = perParcel(land, () => random.range(4, 7));
  const planted = perParcel(land, () => (random.chance(0.8) ? depth : 0.02));
  for (let i = 0; i < PIXELS; i++) {
    const parcel = land.index[i];
    const row = wave(land.aside[i] / period[parcel]);
    const tree = 0.6 + 0.4 * wave(land.along[i] / gap[parcel]);
    light(canvas, i, 1 + planted[parcel] * row * (row < 0 ? tree * 1.5 : 0.8));
  }
  if (random.chance(0.5)) paintBorders(canvas, land, shade(random, TRACK), random.range(0.2, 0.7));
  for (let n = random.int(14); n > 0; n--) {
    crown(canvas, random.range(0, 64), random.range(0, 64), random.range(0.8, 1.6), shade(random, TREE));
  }
}

/** Each parcel in one of two to four colours of the palette, mottled. */
export function paintParcels(
  canvas: Canvas,
  random: Random,
  land: Parcels,
  palette: readonly Colour[],
): void {
  const present = Array.from({ length: 2 + random.int(3) }, () => shade(random, palette));
  const colours = perParcel(land, () => shade(random, present));
  const mottle = clouds(random, 14, 3);
  for (let i = 0; i < PIXELS; i++) {
    blend(canvas, i, colours[land.index[i]], 1);
    light(canvas, i, 0.9 + 0.2 * mottle[i]);
  }
}

/** Tracks, hedges or ditches between parcels. */
export function paintBorders(canvas: Canvas, land: Parcels, colour: Colour, halfWidth: number): void {
  for (let i = 0; i < PIXELS; i++) {
    const cover = Math.min(1, halfWidth + 0.5 - land.edge[i]);
    if (cover > 0) blend(canvas, i, colour, cover);
  }
}

function perParcel<T>(land: Parcels, draw: () => T): T[] {
  return Array.from({ length: land.count }, draw);
}
