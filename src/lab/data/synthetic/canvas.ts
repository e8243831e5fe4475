/** The tile while it is painted: 64 × 64 × RGB in floating point, and the plain operations on it. */

import { DIFFICULTY } from './difficulty';
import type { Random } from './random';

/** Every tile is painted at this size; smaller ones are averages of it. */
export const SIDE = 64;
export const PIXELS = SIDE * SIDE;

export type Colour = readonly [red: number, green: number, blue: number];
/** SIDE × SIDE × 3, about 0 … 255. */
export type Canvas = Float64Array;
/** One number per pixel. */
export type Field = Float64Array;

export function newCanvas(): Canvas {
  return new Float64Array(PIXELS * 3);
}

/** Moves a pixel towards a colour by `alpha`. */
export function blend(canvas: Canvas, pixel: number, colour: Colour, alpha: number): void {
  for (let c = 0; c < 3; c++) canvas[3 * pixel + c] += alpha * (colour[c] - canvas[3 * pixel + c]);
}

/** Multiplies a pixel's brightness. */
export function light(canvas: Canvas, pixel: number, factor: number): void {
  for (let c = 0; c < 3; c++) canvas[3 * pixel + c] *= factor;
}

/** The colour between two: a at 0, b at 1. */
export function between(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])];
}

/** A palette's colour as it happens to look today. */
export function shade(random: Random, palette: readonly Colour[]): Colour {
  const [r, g, b] = random.pick(palette);
  const [all, one] = DIFFICULTY.paint;
  const shift = random.range(-all, all);
  const vary = (value: number) => value + shift + random.range(-one, one);
  return [vary(r), vary(g), vary(b)];
}

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}

/** A smooth wave of period 1 and range −1 … 1, made of parabolas. */
export function wave(phase: number): number {
  const u = phase - Math.floor(phase);
  return u < 0.5 ? 16 * u * (0.5 - u) : -16 * (u - 0.5) * (1 - u);
}

/** Value noise in 0 … 1: random numbers on a lattice of `cell` pixels, smoothly interpolated. */
function valueNoise(random: Random, cell: number): Field {
  const columns = Math.floor(SIDE / cell) + 3;
  const lattice = Float64Array.from({ length: columns * columns }, () => random.range(0, 1));
  const [left, top] = [random.range(0, 1), random.range(0, 1)];
  const across = Array.from({ length: SIDE }, (_, x) => latticePlace(x / cell + left));
  const field = new Float64Array(PIXELS);
  for (let y = 0; y < SIDE; y++) {
    const down = latticePlace(y / cell + top);
    for (let x = 0; x < SIDE; x++) {
      const at = down.node * columns + across[x].node;
      const part = across[x].part;
      const above = lattice[at] + part * (lattice[at + 1] - lattice[at]);
      const below = lattice[at + columns] + part * (lattice[at + columns + 1] - lattice[at + columns]);
      field[y * SIDE + x] = above + down.part * (below - above);
    }
  }
  return field;
}

/** The lattice node before a coordinate, and how far towards the next one, eased. */
function latticePlace(coordinate: number): { node: number; part: number } {
  const node = Math.floor(coordinate);
  const u = coordinate - node;
  return { node, part: u * u * (3 - 2 * u) };
}

/** Fractal noise in 0 … 1: octaves of value noise, each half as wide and half as strong as the one before. */
export function clouds(random: Random, cell: number, octaves: number): Field {
  const sum = new Float64Array(PIXELS);
  let total = 0;
  let strength = 1;
  for (let octave = 0; octave < octaves; octave++) {
    const layer = valueNoise(random, cell * strength);
    for (let i = 0; i < PIXELS; i++) sum[i] += strength * layer[i];
    total += strength;
    strength /= 2;
  }
  for (let i = 0; i < PIXELS; i++) sum[i] /= total;
  return sum;
}

/** Fills the canvas with colours between `a` and `b`, chosen by a field in 0 … 1. */
export function fillBetween(canvas: Canvas, a: Colour, b: Colour, field: Field): void {
  for (let i = 0; i < PIXELS; i++) {
    for (let c = 0; c < 3; c++) canvas[3 * i + c] = a[c] + field[i] * (b[c] - a[c]);
  }
}

/** Lights a height field by a sun in the north-west: slopes that face it brighten, the others darken. */
export function relief(canvas: Canvas, height: Field, strength: number): void {
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const upper = height[Math.max(0, y - 1) * SIDE + Math.max(0, x - 1)];
      const lower = height[Math.min(SIDE - 1, y + 1) * SIDE + Math.min(SIDE - 1, x + 1)];
      light(canvas, y * SIDE + x, clamp(1 + strength * (lower - upper), 0.45, 1.6));
    }
  }
}
