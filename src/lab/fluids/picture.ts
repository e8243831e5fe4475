/**
 * A velocity as it is looked at: its vorticity in colours (blue turns one way, red the other, white not at all) and arrows.
 * Two fields side by side have one scale: what is darker turns faster. Plain arrays, for whoever draws.
 */
import { separated } from './action';
import { complexZeros, squareTransform } from './fft';
import { wavesOf } from './waves';

/** From blue over white to red, told apart by colour-blind eyes too. */
export const TURNING_COLOURS = [
  '#2166ac',
  '#4393c3',
  '#74add1',
  '#abd9e9',
  '#d9edf5',
  '#f7f7f7',
  '#fde2d2',
  '#f7b799',
  '#e58368',
  '#c94741',
  '#a50f26',
] as const;

const MIDDLE = (TURNING_COLOURS.length - 1) / 2;

/** ∂v/∂x − ∂u/∂y of a frame, n × n × (u, v), by Fourier derivatives; a square of side 2π. */
export function vorticityOfFrame(frame: ArrayLike<number>, n: number): Float64Array {
  const turning = complexZeros(n * n);
  for (const { at, kx, ky, u, v } of wavesOf(separated(frame), n)) {
    turning.re[at] = -kx * v[1] + ky * u[1];
    turning.im[at] = kx * v[0] - ky * u[0];
  }
  squareTransform(n).backward(turning);
  return turning.re;
}

/** The place in `TURNING_COLOURS` of a vorticity, where `largest` is the last one; beyond it nothing is darker. NaN is white. */
export function colourOf(vorticity: number, largest: number): number {
  const share = largest > 0 && !Number.isNaN(vorticity) ? vorticity / largest : 0;
  return Math.round(MIDDLE + MIDDLE * Math.min(1, Math.max(-1, share)));
}

/** How fast a frame, n × n × (u, v), moves at each place. */
export function speedOfFrame(frame: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: frame.length / 2 }, (_, i) =>
    Math.sqrt(frame[2 * i] ** 2 + frame[2 * i + 1] ** 2),
  );
}

/** n × n numbers on so many times as many places, in straight lines between those that are there; round the square. */
export function refined(field: ArrayLike<number>, n: number, times: number): Float64Array {
  const size = n * times;
  const out = new Float64Array(size * size);
  // A place is as wide as `times` new ones, and what it says holds in its middle.
  const at = Array.from({ length: size }, (_, i) => {
    const place = (i + 0.5) / times - 0.5;
    const from = Math.floor(place);
    return { from: (from + n) % n, to: (from + 1) % n, share: place - from };
  });
  for (const [y, row] of at.entries()) {
    for (const [x, column] of at.entries()) {
      const line = (from: number) =>
        field[from * n + column.from] * (1 - column.share) + field[from * n + column.to] * column.share;
      out[y * size + x] = line(row.from) * (1 - row.share) + line(row.to) * row.share;
    }
  }
  return out;
}

/** RGBA bytes of n × n vorticities, a pixel for each place. */
export function turningPicture(
  vorticity: ArrayLike<number>,
  largest: number,
): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(4 * vorticity.length);
  for (let i = 0; i < vorticity.length; i++) {
    const colour = TURNING_COLOURS[colourOf(vorticity[i], largest)];
    for (let c = 0; c < 3; c++) bytes[4 * i + c] = Number.parseInt(colour.slice(1 + 2 * c, 3 + 2 * c), 16);
    bytes[4 * i + 3] = 255;
  }
  return bytes;
}

/** Where an arrow begins, in places from the upper left corner, and the velocity there. */
export interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** An arrow at every so many places of a frame, in the middle of its place. */
export function arrowsOf(frame: ArrayLike<number>, n: number, every: number): Arrow[] {
  const arrows: Arrow[] = [];
  const first = Math.floor(every / 2);
  for (let y = first; y < n; y += every) {
    for (let x = first; x < n; x += every) {
      const at = 2 * (y * n + x);
      arrows.push({ x: x + 0.5, y: y + 0.5, u: frame[at], v: frame[at + 1] });
    }
  }
  return arrows;
}
