/** Land that nobody ploughs. Hills and tree tops are lit from the north-west; hedges mostly run east–west. */

import {
  blend,
  type Canvas,
  type Colour,
  clamp,
  clouds,
  fillBetween,
  light,
  PIXELS,
  relief,
  shade,
} from './canvas';
import { paintBorders, paintParcels, usualDirection } from './crops';
import { parcels } from './parcels';
import { anyDirection, type Random } from './random';
import { band, building, crown, distanceTo, straightCourse, windingCourse } from './shapes';

const CANOPY: readonly Colour[] = [
  [34, 60, 64],
  [40, 70, 66],
  [46, 66, 60],
  [52, 78, 66],
];
const GRASS: readonly Colour[] = [
  [48, 90, 78],
  [56, 98, 74],
  [72, 104, 88],
  [66, 108, 80],
];
const SCRUB: readonly Colour[] = [
  [116, 102, 98],
  [96, 94, 86],
  [84, 84, 80],
  [134, 118, 110],
  [82, 90, 80],
];
const BARE: readonly Colour[] = [
  [176, 152, 132],
  [150, 130, 116],
];
const FARM: readonly Colour[] = [
  [196, 190, 186],
  [170, 120, 104],
];

/** A closed canopy: dark, fine-grained, with a clearing or a track at times. */
export function forest(canvas: Canvas, random: Random): void {
  const base = shade(random, CANOPY);
  const stands = clouds(random, 20, 2);
  fillBetween(canvas, base, shade(random, CANOPY), stands);
  relief(canvas, clouds(random, random.range(3, 5), 2), random.range(0.25, 0.7));
  relief(canvas, clouds(random, 24, 2), random.range(0.3, 1.6));
  if (random.chance(0.3)) {
    const track = distanceTo(windingCourse(random, random.range(1, 6)), anyDirection(random));
    band(canvas, track, random.range(0.2, 0.7), shade(random, BARE), 0.5);
  }
  if (random.chance(0.35)) clearing(canvas, random, shade(random, random.chance(0.5) ? GRASS : SCRUB));
}

/** Where slow noise is high, the ground shows. */
function clearing(canvas: Canvas, random: Random, colour: Colour): void {
  const field = clouds(random, 22, 3);
  const level = random.range(0.58, 0.72);
  for (let i = 0; i < PIXELS; i++) {
    const cover = clamp((field[i] - level) * 14);
    if (cover > 0) blend(canvas, i, colour, cover);
  }
}

/** Heath and scrub: blotches of soil, grass and bushes on hills. */
export function herbaceousVegetation(canvas: Canvas, random: Random): void {
  fillBetween(canvas, shade(random, SCRUB), shade(random, SCRUB), clouds(random, random.range(8, 20), 4));
  if (random.chance(0.6)) clearing(canvas, random, shade(random, random.chance(0.5) ? BARE : CANOPY));
  relief(canvas, clouds(random, random.range(10, 26), 4), random.range(0.6, 2.2));
  if (random.chance(0.4)) {
    const path = distanceTo(windingCourse(random, random.range(3, 9)), anyDirection(random));
    band(canvas, path, random.range(0.1, 0.6), shade(random, BARE), 0.7);
  }
  const bush = shade(random, CANOPY);
  for (let n = random.int(40); n > 0; n--) {
    crown(canvas, random.range(0, 64), random.range(0, 64), random.range(0.5, 1.5), bush);
  }
}

/** Even green paddocks with hedges, single trees, now and then a farm. */
export function pasture(canvas: Canvas, random: Random): void {
  const direction = usualDirection(random, 'east-west');
  const land = parcels(random, direction, [22, 60], [14, 34]);
  paintParcels(canvas, random, land, [shade(random, GRASS), shade(random, GRASS)]);
  const grazed = clouds(random, random.range(6, 14), 3);
  for (let i = 0; i < PIXELS; i++) light(canvas, i, 0.94 + 0.12 * grazed[i]);
  const hedge = shade(random, CANOPY);
  if (random.chance(0.8)) paintBorders(canvas, land, hedge, random.range(0, 0.8));
  relief(canvas, clouds(random, 28, 2), random.range(0.1, 0.8));
  for (let n = random.int(20); n > 0; n--) {
    crown(canvas, random.range(0, 64), random.range(0, 64), random.range(0.7, 1.8), hedge);
  }
  if (random.chance(0.2)) {
    const road = distanceTo(straightCourse(random, 8), direction);
    band(canvas, road, random.range(0.1, 0.5), shade(random, BARE), 0.7);
  }
  if (random.chance(0.25)) {
    const [x, y] = [random.range(6, 58), random.range(6, 58)];
    for (let n = 1 + random.int(4); n > 0; n--) {
      const place = { x: x + random.range(-5, 5), y: y + random.range(-5, 5), direction };
      building(canvas, { ...place, halfLength: 1.6, halfWidth: 0.9 }, 1, shade(random, FARM));
    }
  }
}
