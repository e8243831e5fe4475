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

/** Adds value noise times `strength`: random numbers in 0 … 1 on a lattice of `cell` pixels, smoothly interpolated. */
function addValueNoise(sum: Field, random: Random, cell: number, strength: number): void {
  const columns = Math.floor(SIDE / cell) + 3;
  const lattice = new Float64Array(columns * columns);
  random.fill(lattice);
  const [left, top] = [random.range(0, 1), random.range(0, 1)];
  const across = latticePlaces(cell, left);
  const down = latticePlaces(cell, top);
  // Rows of the lattice, interpolated along x: the pixels between two nodes share them.
  let [above, below] = [new Float64Array(SIDE), new Float64Array(SIDE)];
  let row = -2;
  for (let y = 0; y < SIDE; y++) {
    const node = down.nodes[y];
    if (node === row + 1) [above, below] = [below, above];
    else if (node !== row) fillRow(above, lattice, node * columns, across);
    if (node !== row) fillRow(below, lattice, (node + 1) * columns, across);
    row = node;
    const part = down.parts[y];
    for (let x = 0; x < SIDE; x++) {
      sum[y * SIDE + x] += strength * (above[x] + part * (below[x] - above[x]));
    }
  }
}

interface Places {
  readonly nodes: Int32Array;
  readonly parts: Float64Array;
}

/** For each pixel of a row: the lattice node before it, and how far it is towards the next one, eased. */
function latticePlaces(cell: number, start: number): Places {
  const nodes = new Int32Array(SIDE);
  const parts = new Float64Array(SIDE);
  for (let i = 0; i < SIDE; i++) {
    const coordinate = i / cell + start;
    nodes[i] = Math.floor(coordinate);
    const u = coordinate - nodes[i];
    parts[i] = u * u * (3 - 2 * u);
  }
  return { nodes, parts };
}

function fillRow(row: Float64Array, lattice: Float64Array, first: number, { nodes, parts }: Places): void {
  for (let x = 0; x < SIDE; x++) {
    const at = first + nodes[x];
    row[x] = lattice[at] + parts[x] * (lattice[at + 1] - lattice[at]);
  }
}

/** Fractal noise in 0 … 1: octaves of value noise, each half as wide and half as strong as the one before. */
export function clouds(random: Random, cell: number, octaves: number): Field {
  const sum = new Float64Array(PIXELS);
  let total = 0;
  let strength = 1;
  for (let octave = 0; octave < octaves; octave++) {
    addValueNoise(sum, random, cell * strength, strength);
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
