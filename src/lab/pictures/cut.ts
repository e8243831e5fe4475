/**
 * From a picture of any size to tiles. Windows lie centred, and each value of a tile is the mean of the part of the
 * picture it covers, weighted by whole numbers and rounded half up. So everything here commutes exactly with quarter
 * turns and mirrors: cutting the turned picture gives the turned tiles.
 *
 * What is centred begins between two pixels where the margin is odd. Positions are therefore counted in half pixels.
 */

import { BadInput } from '../errors';
import type { Picture } from './picture';

export type Pixels = Pick<Picture, 'width' | 'height' | 'data'>;

/** Side of a EuroSAT tile in pixels of its scene: 640 m at 10 m each. */
export const CELL = 64;

/** `crop`: the middle cell, at the scale it has. `scale`: all of the middle square, averaged. */
export const FITS = ['crop', 'scale'] as const;
export type Fit = (typeof FITS)[number];

/** A square part of a picture. */
export interface Square {
  /** Of its top left corner, in half pixels. */
  readonly left2: number;
  readonly top2: number;
  /** In pixels. */
  readonly side: number;
}

/** A centred block of columns × rows full cells; what is left over lies evenly on both sides. */
export interface Grid extends Omit<Square, 'side'> {
  readonly columns: number;
  readonly rows: number;
  /** Side of a cell, in pixels. */
  readonly cell: number;
}

/**
 * The part of a picture that makes one tile.
 *
 * @throws BadInput when a cell is to be cropped from a picture smaller than it.
 */
export function fitSquare({ width, height }: Pixels, fit: Fit, name: string, cell = CELL): Square {
  const side = fit === 'scale' ? Math.min(width, height) : cell;
  if (side > Math.min(width, height)) {
    throw new BadInput(
      `${name} is ${width}×${height}, too small to crop ${cell}×${cell} pixels from; scale it instead.`,
    );
  }
  return { left2: width - side, top2: height - side, side };
}

/**
 * The grid of full cells of a picture.
 *
 * @throws BadInput when not one fits.
 */
export function gridOf({ width, height }: Pixels, name: string, cell = CELL): Grid {
  const [columns, rows] = [Math.floor(width / cell), Math.floor(height / cell)];
  if (columns * rows === 0) {
    throw new BadInput(`${name} is ${width}×${height}, too small for a cell of ${cell}×${cell} pixels.`);
  }
  return { columns, rows, cell, left2: width - columns * cell, top2: height - rows * cell };
}

/** A cell of a grid, row by row. */
export function cellAt({ columns, cell, left2, top2 }: Grid, index: number): Square {
  const [row, column] = [Math.floor(index / columns), index % columns];
  return { left2: left2 + 2 * cell * column, top2: top2 + 2 * cell * row, side: cell };
}

/** Cells `from` … `to` (exclusive) as tiles: (to − from) × size × size × 3. */
export function cutTiles(picture: Pixels, grid: Grid, size: number, from: number, to: number): Uint8Array {
  const tiles = new Uint8Array((to - from) * size * size * 3);
  for (let i = from; i < to; i++) {
    tiles.set(sampleSquare(picture, cellAt(grid, i), size), (i - from) * size * size * 3);
  }
  return tiles;
}

/** A part of a picture as a tile of size × size × 3 bytes: means over what each value covers. */
export function sampleSquare(
  { width, data }: Pixels,
  { left2, top2, side }: Square,
  size: number,
): Uint8Array {
  const xs = coveredPixels(left2, side, size);
  const ys = coveredPixels(top2, side, size);
  // Every value of the tile covers this much, in units of 1 / (2·size) of a pixel each way.
  const area = (2 * side) ** 2;
  const out = new Uint8Array(size * size * 3);
  let at = 0;
  for (const y of ys) {
    for (const x of xs) {
      let [red, green, blue] = [0, 0, 0];
      for (let j = 0; j < y.weights.length; j++) {
        let from = ((y.first + j) * width + x.first) * 3;
        for (let i = 0; i < x.weights.length; i++, from += 3) {
          const weight = y.weights[j] * x.weights[i];
          red += weight * data[from];
          green += weight * data[from + 1];
          blue += weight * data[from + 2];
        }
      }
      out[at++] = Math.floor((2 * red + area) / (2 * area));
      out[at++] = Math.floor((2 * green + area) / (2 * area));
      out[at++] = Math.floor((2 * blue + area) / (2 * area));
    }
  }
  return out;
}

/** Along one side: the pixels each of `size` values covers, and how much of each, in units of 1 / (2·size) pixels. */
function coveredPixels(start2: number, side: number, size: number): { first: number; weights: number[] }[] {
  const pixel = 2 * size;
  return Array.from({ length: size }, (_, i) => {
    const from = start2 * size + i * 2 * side;
    const to = from + 2 * side;
    const first = Math.floor(from / pixel);
    const weights: number[] = [];
    for (let p = first; p * pixel < to; p++) {
      weights.push(Math.min(to, (p + 1) * pixel) - Math.max(from, p * pixel));
    }
    return { first, weights };
  });
}
