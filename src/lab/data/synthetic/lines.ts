/** Lines through other land: a Highway runs east–west and straight, a River north–south and winding. */

import { blend, type Canvas, type Colour, clamp, clouds, light, PIXELS, shade } from './canvas';
import { usualDirection } from './crops';
import { across, type Random } from './random';
import { band, crown, distanceTo, straightCourse, windingCourse } from './shapes';

const ROAD: readonly Colour[] = [
  [132, 134, 140],
  [154, 154, 158],
  [118, 120, 128],
  [98, 104, 114],
];
const VERGE: readonly Colour[] = [
  [70, 88, 76],
  [120, 110, 100],
  [52, 72, 68],
];
const STREAM: readonly Colour[] = [
  [48, 80, 102],
  [36, 60, 92],
  [62, 94, 106],
  [88, 104, 112],
  [44, 78, 86],
];
const BANK: readonly Colour[] = [
  [42, 66, 62],
  [148, 132, 118],
  [60, 84, 68],
];

/** Two carriageways and their verges, with a crossing road at times. */
export function highway(canvas: Canvas, random: Random): void {
  const direction = usualDirection(random, 'east-west');
  const course = random.chance(0.12) ? windingCourse(random, random.range(3, 6)) : straightCourse(random, 4);
  const colour = shade(random, ROAD);
  if (random.chance(0.4)) {
    const crossing = distanceTo(straightCourse(random, 10), across(direction));
    band(canvas, crossing, random.range(0.3, 1.1), shade(random, ROAD), 0.9);
  }
  const distance = distanceTo(course, direction);
  const halfWidth = random.range(1.4, 3);
  band(canvas, distance, halfWidth + random.range(0.5, 3), shade(random, VERGE), 0.75);
  band(canvas, distance, halfWidth, colour);
  if (random.chance(0.7)) band(canvas, distance, 0.15, shade(random, VERGE), 0.7);
  const traffic = clouds(random, 2.5, 1);
  for (let i = 0; i < PIXELS; i++) {
    if (Math.abs(distance[i]) < halfWidth) light(canvas, i, 0.88 + 0.24 * traffic[i]);
  }
}

/** A band of water of changing width, with trees and gravel on its banks. */
export function river(canvas: Canvas, random: Random): void {
  const direction = usualDirection(random, 'north-south');
  const course = random.chance(0.15) ? straightCourse(random, 6) : windingCourse(random, random.range(3, 11));
  const distance = distanceTo(course, direction);
  const halfWidth = random.chance(0.2) ? random.range(2.2, 4) : random.range(4, 10);
  const ragged = clouds(random, 9, 2);
  for (let i = 0; i < PIXELS; i++) distance[i] += distance[i] < 0 ? 3 * ragged[i] - 1.5 : 1.5 - 3 * ragged[i];
  band(canvas, distance, halfWidth + random.range(0.3, 2.5), shade(random, BANK), 0.7);
  const [colour, deep] = [shade(random, STREAM), shade(random, STREAM)];
  const ripples = clouds(random, 12, 3);
  for (let i = 0; i < PIXELS; i++) {
    const cover = clamp(halfWidth + 0.5 - Math.abs(distance[i]));
    if (cover <= 0) continue;
    blend(canvas, i, colour, cover);
    blend(canvas, i, deep, 0.5 * cover * ripples[i]);
  }
  const tree = shade(random, BANK.slice(0, 1));
  for (let n = random.int(30); n > 0; n--) {
    const [x, y] = [random.int(64), random.int(64)];
    const offshore = Math.abs(distance[y * 64 + x]) - halfWidth;
    if (offshore > 1 && offshore < 8) crown(canvas, x, y, random.range(0.7, 1.6), tree);
  }
}
