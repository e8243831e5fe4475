/** Things on the ground. The sun stands in the north-west: what is raised throws its shadow to the south-east. */

import { blend, type Canvas, type Colour, clamp, light, PIXELS, SIDE, wave } from './canvas';
import { across, type Direction, type Random } from './random';

const SHADOW = 0.55;

/** Distance to the middle line at each point along it; pixels from the centre of the tile. */
export type Course = (along: number) => number;

/** A line nearly straight: bent by up to `bow` pixels at the tile's border. */
export function straightCourse(random: Random, bow: number): Course {
  const offset = random.range(-18, 18);
  const bend = random.range(-bow, bow) / (32 * 32);
  return (along) => offset + bend * along * along;
}

/** A winding line: two waves of different length. */
export function windingCourse(random: Random, swing: number): Course {
  const offset = random.range(-14, 14);
  const [slow, fast] = [random.range(0.011, 0.02), random.range(0.026, 0.045)];
  const [p, q] = [random.range(0, 1), random.range(0, 1)];
  return (along) => offset + swing * (wave(along * slow + p) + 0.4 * wave(along * fast + q));
}

/** Signed distance of every pixel to the course of a line: negative on its left. */
export function distanceTo(course: Course, direction: Direction): Float64Array {
  const side = across(direction);
  const distance = new Float64Array(PIXELS);
  for (let i = 0; i < PIXELS; i++) {
    const x = (i % SIDE) - SIDE / 2 + 0.5;
    const y = Math.floor(i / SIDE) - SIDE / 2 + 0.5;
    distance[i] = x * side.x + y * side.y - course(x * direction.x + y * direction.y);
  }
  return distance;
}

/** Paints a band around a line, from its signed distances; soft edges of one pixel. */
export function band(
  canvas: Canvas,
  distance: Float64Array,
  halfWidth: number,
  colour: Colour,
  alpha = 1,
): void {
  for (let i = 0; i < PIXELS; i++) {
    const cover = clamp(halfWidth + 0.5 - Math.abs(distance[i]));
    if (cover > 0) blend(canvas, i, colour, alpha * cover);
  }
}

/** A rectangle: half its length lies along `direction`. Coordinates in pixels from the north-west corner. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly halfLength: number;
  readonly halfWidth: number;
  readonly direction: Direction;
}

/** A building: its roof, and its shadow `height` pixels to the south and east. */
export function building(canvas: Canvas, block: Block, height: number, colour: Colour): void {
  const shadow = { ...block, x: block.x + height, y: block.y + height };
  overBlock(shadow, (pixel, cover) => light(canvas, pixel, 1 - cover * SHADOW));
  overBlock(block, (pixel, cover) => blend(canvas, pixel, colour, cover));
}

/** A flat rectangle: a yard, a field, a lawn. */
export function plot(canvas: Canvas, block: Block, colour: Colour, alpha = 1): void {
  overBlock(block, (pixel, cover) => blend(canvas, pixel, colour, alpha * cover));
}

function overBlock(block: Block, visit: (pixel: number, cover: number) => void): void {
  const reach = block.halfLength + block.halfWidth + 1;
  const { x: ux, y: uy } = block.direction;
  overBox(block.x, block.y, reach, (pixel, dx, dy) => {
    const along = block.halfLength + 0.5 - Math.abs(dx * ux + dy * uy);
    const aside = block.halfWidth + 0.5 - Math.abs(dy * ux - dx * uy);
    const cover = clamp(along) * clamp(aside);
    if (cover > 0) visit(pixel, cover);
  });
}

/** A tree or a tank: round, bright towards the sun, dark away from it, with a shadow. */
export function crown(canvas: Canvas, x: number, y: number, radius: number, colour: Colour): void {
  const throwTo = 0.8 * radius;
  overBox(x + throwTo, y + throwTo, radius + 1, (pixel, dx, dy) => {
    const cover = clamp(radius + 0.5 - Math.sqrt(dx * dx + dy * dy));
    light(canvas, pixel, 1 - cover * SHADOW);
  });
  overBox(x, y, radius + 1, (pixel, dx, dy) => {
    const cover = clamp(radius + 0.5 - Math.sqrt(dx * dx + dy * dy));
    blend(canvas, pixel, colour, cover);
    light(canvas, pixel, 1 - (cover * 0.3 * (dx + dy)) / (radius + 0.5));
  });
}

/** Calls back for every pixel within `reach` of a point, with its offset from it. */
function overBox(
  x: number,
  y: number,
  reach: number,
  visit: (pixel: number, dx: number, dy: number) => void,
): void {
  const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(SIDE - 1, Math.floor(x + reach))];
  const [top, bottom] = [Math.max(0, Math.floor(y - reach)), Math.min(SIDE - 1, Math.floor(y + reach))];
  for (let py = top; py <= bottom; py++) {
    for (let px = left; px <= right; px++) visit(py * SIDE + px, px + 0.5 - x, py + 0.5 - y);
  }
}
