/** Open water. Swell comes in crests that run east–west; where there is a shore, it lies in the south. */

import {
  blend,
  type Canvas,
  type Colour,
  clamp,
  clouds,
  fillBetween,
  light,
  PIXELS,
  SIDE,
  shade,
  wave,
} from './canvas';
import { usualDirection } from './crops';
import { across, type Random } from './random';

const WATER: readonly Colour[] = [
  [28, 46, 74],
  [36, 60, 84],
  [46, 74, 88],
  [56, 86, 86],
  [92, 100, 108],
];
const SAND: readonly Colour[] = [
  [186, 168, 146],
  [136, 124, 112],
];

export function seaLake(canvas: Canvas, random: Random): void {
  const water = shade(random, WATER);
  const depth = random.range(0, 26);
  const murk = clouds(random, 30, 3);
  fillBetween(canvas, water, [water[0] + depth, water[1] + depth * 1.2, water[2] + depth * 0.8], murk);
  const crest = across(usualDirection(random, 'east-west'));
  const [period, swell, drift] = [random.range(3, 8), random.range(0, 0.05), clouds(random, 18, 2)];
  for (let i = 0; i < PIXELS; i++) {
    const at = (i % SIDE) * crest.x + Math.floor(i / SIDE) * crest.y;
    light(canvas, i, 1 + swell * wave(at / period + 1.5 * drift[i]));
  }
}

/**
 * Covers the south of a tile with `land`, along a ragged beach; `reach` is the land's share of the height.
 */
export function shore(canvas: Canvas, random: Random, land: Canvas, reach: number): void {
  const ragged = clouds(random, 20, 3);
  const line = SIDE * (1 - reach);
  const slope = random.range(-0.4, 0.4);
  const beach = shade(random, SAND);
  for (let i = 0; i < PIXELS; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const inland = y - line - slope * (x - SIDE / 2) + 20 * (ragged[i] - 0.5);
    if (inland <= 0) continue;
    const cover = clamp(inland);
    blend(canvas, i, [land[3 * i], land[3 * i + 1], land[3 * i + 2]], cover);
    blend(canvas, i, beach, cover * clamp(1.5 - inland / 2) * 0.8);
  }
}
