/**
 * From a picture of any size to tiles. Every window begins at a whole pixel, so that the same crop made by anybody else
 * has the same pixels; each value of a tile is the mean of the part of the picture it covers, weighted by whole numbers
 * and rounded half up. A grid turns as its picture does (`turnGrid`), and then everything here commutes exactly with
 * quarter turns and mirrors: cutting the turned picture by the turned grid gives the turned tiles.
 *
 * What is centred lies half a pixel to the left or the top of the middle where the margin is odd.
 */

import { BadInput } from '../errors';
import type { Element } from '../symmetry/group';

/** What is cut: height × width × channels bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** Absent: 3, red, green and blue. */
  readonly channels?: number;
  /** 1 for each pixel that has no value; absent where all have one. */
  readonly empty?: Uint8Array;
}

export const channelsOf = ({ channels = 3 }: Pick<Pixels, 'channels'>): number => channels;

/** Side of a EuroSAT tile in pixels of its scene: 640 m at 10 m each. */
export const CELL = 64;

/** `crop`: the middle cell, at the scale it has. `scale`: all of the middle square, averaged. */
export const FITS = ['crop', 'scale'] as const;
export type Fit = (typeof FITS)[number];

/** A square part of a picture, in whole pixels. */
export interface Square {
  /** Of its top left corner. */
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** How a scene is cut: the side of a cell, and the step from one to the next, both in pixels. */
export interface CellChoice {
  readonly cell: number;
  /** Less than `cell`: cells overlap. */
  readonly stride: number;
}

/** A centred block of columns × rows full cells; what is left over lies as evenly as can be on both sides. */
export interface Grid extends Omit<Square, 'side'>, CellChoice {
  readonly columns: number;
  readonly rows: number;
}

/** More cells than anybody looks at; as many answers take minutes. */
export const MAX_CELLS = 1_000_000;

export type Size = Pick<Pixels, 'width' | 'height'>;

/**
 * The part of a picture that makes one tile.
 *
 * @throws BadInput when a cell is to be cropped from a picture smaller than it.
 */
export function fitSquare({ width, height }: Size, fit: Fit, name: string, cell = CELL): Square {
  const side = fit === 'scale' ? Math.min(width, height) : cell;
  if (side > Math.min(width, height)) {
    throw new BadInput(
      `${name} is ${width}×${height}, too small to crop ${cell}×${cell} pixels from; scale it instead.`,
    );
  }
  return { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2), side };
}

/**
 * The grid of full cells of a picture.
 *
 * @throws BadInput when not one fits, or there would be too many; RangeError for a step of no pixel, or past a cell.
 */
export function gridOf({ width, height }: Size, name: string, cell = CELL, stride = cell): Grid {
  if (!(stride >= 1 && stride <= cell)) throw new RangeError(`a step of ${stride} for cells of ${cell}`);
  const along = (side: number) => (side < cell ? 0 : Math.floor((side - cell) / stride) + 1);
  const [columns, rows] = [along(width), along(height)];
  if (columns * rows === 0) {
    throw new BadInput(`${name} is ${width}×${height}, too small for a cell of ${cell}×${cell} pixels.`);
  }
  if (columns * rows > MAX_CELLS) {
    throw new BadInput(
      `${name} would have ${columns * rows} cells, more than the ${MAX_CELLS} that are mapped: take a larger step.`,
    );
  }
  const margin = (side: number, count: number) => Math.floor((side - spanOf(count, cell, stride)) / 2);
  return { columns, rows, cell, stride, left: margin(width, columns), top: margin(height, rows) };
}

/** Pixels from the first to the last of so many cells in a row. */
const spanOf = (count: number, cell: number, stride: number): number => (count - 1) * stride + cell;

/** Pixels that no cell covers, on each side of the grid. */
export function marginsOf({ columns, rows, cell, stride, left, top }: Grid, { width, height }: Size) {
  const right = width - left - spanOf(columns, cell, stride);
  return { left, right, top, bottom: height - top - spanOf(rows, cell, stride) };
}

/** The grid of a picture, as it lies on the picture turned by g. */
export function turnGrid(grid: Grid, size: Size, g: Element): Grid {
  const { left, right, top, bottom } = marginsOf(grid, size);
  // Clockwise from the left; a counter-clockwise turn brings the margin at the top to the left.
  let around = g.mirror ? [right, top, left, bottom] : [left, top, right, bottom];
  for (let turn = 0; turn < g.turns; turn++) around = [...around.slice(1), around[0]];
  const [columns, rows] = g.turns % 2 === 0 ? [grid.columns, grid.rows] : [grid.rows, grid.columns];
  return { ...grid, columns, rows, left: around[0], top: around[1] };
}

/** A cell of a grid, row by row: what the network sees. */
export function cellAt({ columns, cell, stride, left, top }: Grid, index: number): Square {
  const [row, column] = [Math.floor(index / columns), index % columns];
  return { left: left + stride * column, top: top + stride * row, side: cell };
}

/**
 * The square that a cell's answer stands for: all of the cell or, where cells overlap, its middle of stride × stride
 * pixels. These lie side by side; they may begin at half a pixel.
 */
export function answerSquare(grid: Grid, index: number): Square {
  const { left, top, side } = cellAt(grid, index);
  const inset = (side - grid.stride) / 2;
  return { left: left + inset, top: top + inset, side: grid.stride };
}

/** How many pixels of each cell have no value, row by row over the grid. */
export function emptyCounts({ width, height, empty }: Pixels, grid: Grid): Uint32Array {
  const counts = new Uint32Array(grid.columns * grid.rows);
  if (!empty) return counts;
  // Sums over everything above and to the left, so that overlapping cells cost no more than others.
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += empty[y * width + x];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  return counts.map((_, i) => {
    const { left, top, side } = cellAt(grid, i);
    const at = (x: number, y: number) => sums[y * (width + 1) + x];
    return at(left + side, top + side) - at(left, top + side) - at(left + side, top) + at(left, top);
  });
}

/** Cells `from` … `to` (exclusive) as tiles: (to − from) × size × size × channels. */
export function cutTiles(picture: Pixels, grid: Grid, size: number, from: number, to: number): Uint8Array {
  const length = size * size * channelsOf(picture);
  const tiles = new Uint8Array((to - from) * length);
  for (let i = from; i < to; i++)
    tiles.set(sampleSquare(picture, cellAt(grid, i), size), (i - from) * length);
  return tiles;
}

/** A part of a picture as a tile of size × size × channels bytes: means over what each value covers. */
export function sampleSquare(picture: Pixels, { left, top, side }: Square, size: number): Uint8Array {
  return sampleRectangle(picture, { left, top, width: side, height: side }, { width: size, height: size });
}

/** A rectangular part of a picture, in whole pixels. */
export interface Rectangle extends Omit<Square, 'side'>, Size {}

/** The same of a rectangle, as to.height × to.width × channels bytes: stretched where their proportions differ. */
export function sampleRectangle(
  picture: Pixels,
  { left, top, width: across, height: down }: Rectangle,
  to: Size,
): Uint8Array {
  const { width, data } = picture;
  const channels = channelsOf(picture);
  const xs = coveredPixels(left, across, to.width);
  const ys = coveredPixels(top, down, to.height);
  // Every value covers this much, in units of 1 / to.width of a pixel across and 1 / to.height down.
  const area = across * down;
  const out = new Uint8Array(to.width * to.height * channels);
  const sums = new Float64Array(channels);
  let at = 0;
  for (const y of ys) {
    for (const x of xs) {
      sums.fill(0);
      for (let j = 0; j < y.weights.length; j++) {
        let from = ((y.first + j) * width + x.first) * channels;
        for (let i = 0; i < x.weights.length; i++) {
          const weight = y.weights[j] * x.weights[i];
          for (let c = 0; c < channels; c++) sums[c] += weight * data[from++];
        }
      }
      for (let c = 0; c < channels; c++) out[at++] = Math.floor((2 * sums[c] + area) / (2 * area));
    }
  }
  return out;
}

/** Along one side: the pixels each of `size` values covers, and how much of each, in units of 1 / size pixels. */
function coveredPixels(start: number, side: number, size: number): { first: number; weights: number[] }[] {
  return Array.from({ length: size }, (_, i) => {
    const from = start * size + i * side;
    const to = from + side;
    const first = Math.floor(from / size);
    const weights: number[] = [];
    for (let p = first; p * size < to; p++) {
      weights.push(Math.min(to, (p + 1) * size) - Math.max(from, p * size));
    }
    return { first, weights };
  });
}
