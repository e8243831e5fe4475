/**
 * 3×3 convolution of planes by Winograd's algorithm F(4×4, 3×3): cells of 4×4 pixels of the output, which read 6×6 of the
 * input, are transformed to 6×6 points (winogradPoints.ts); at each of them the planes of the input are multiplied by a matrix
 * of their own. So there are 36 multiplications where 16 pixels have 144. A group convolution runs as that of all its planes,
 * with the filter turned by each element.
 *
 * Cells are taken sixteen at a time, four to a vector: a band of a tile, or some small tiles whole. Only what a band reads is
 * copied between zeros, and stays in the caches.
 *
 * A job is a block of 32-bit words, filled by src/lab/nn/ops/groupConvolution/winograd.ts in the order below.
 */
import { word } from './convolve';
import { copyRow } from './lanes';
import { product8, tileRows } from './product';
import { fromCells, POINTS, toCells } from './winogradPoints';

// The words of a job.
export const X = 0; // [tiles][planesIn][H][W]
export const Y = 1; // [tiles][planesOut][H][W], or [H/2][W/2] where it pools
export const WEIGHTS = 2; // [points][tiles of rows][planesIn][rows], as winogradWeights.ts packs them
export const BIAS = 3; // [planesOut / ORDER], or 0; with it goes a ReLU
export const TILES = 4;
export const ORDER = 5;
export const PLANES_IN = 6;
export const PLANES_OUT = 7;
export const HEIGHT = 8;
export const WIDTH = 9;
export const TOGETHER = 10; // tiles of a chunk, of which each is one band where there are several
export const BAND = 11; // rows of a band, a multiple of four
export const STRIDE = 12; // numbers of a padded row: whole cells, and the border
export const TABLE = 13; // [vectors of a chunk's band]: for each of its four cells see winogradPoints.ts
export const POOLS = 14; // 1: the largest of each 2×2 pixels is written
export const SCRATCH = 15; // one piece for every thread: HEAD, padded planes, panels, results
export const SCRATCH_BYTES = 16;

/** Words of a vector in the table. */
export const ENTRY: usize = 64;
/** Room for a transform's intermediate values. */
export const HEAD: usize = 1024;
/** Vectors that are multiplied together, in panels of two. */
const GROUP: usize = 4;

/** Bytes of a padded plane: a band's rows, and one above and below. */
// @ts-ignore: decorator
@inline
export function planeBytes(job: usize): usize {
  return ((word(job, BAND) + 2) * word(job, STRIDE)) << 2;
}

/** Bytes from a point's two panels to the next's: an odd number of cache lines, or all would share a few sets of the cache. */
// @ts-ignore: decorator
@inline
export function pointBytes(planes: usize): usize {
  return (planes << 6) | 64;
}

/** Where a vector's rows begin in panels of `planes` rows. */
// @ts-ignore: decorator
@inline
export function panelOf(vector: usize, planes: usize): usize {
  return (vector >> 1) * (planes << 5) + ((vector & 1) << 4);
}

/** TOGETHER tiles, or what is left of them. */
export function winogradChunk(job: usize, chunk: usize, thread: usize, first: bool): void {
  const temporary = word(job, SCRATCH) + word(job, SCRATCH_BYTES) * thread;
  const padded = temporary + HEAD;
  const planes = word(job, PLANES_IN);
  const outputs = word(job, PLANES_OUT);
  const height = word(job, HEIGHT);
  const together = word(job, TOGETHER);
  const tile = chunk * together;
  const tiles = min(together, word(job, TILES) - tile);
  const tileBytes = planes * planeBytes(job);
  const panels = padded + ((together * tileBytes + 63) & ~63);
  const results = panels + POINTS * pointBytes(planes);
  if (first) memory.fill(padded, 0, together * tileBytes);
  const across = (word(job, WIDTH) + 3) >> 2;
  const pooled: usize = word(job, POOLS);
  const row = (word(job, WIDTH) << 2) >> pooled;
  const y = word(job, Y) + tile * outputs * (height >> pooled) * row;
  for (let top: usize = 0; top < height; top += word(job, BAND)) {
    for (let t: usize = 0; t < tiles; t++) copyBand(job, tile + t, top, padded + t * tileBytes);
    const down = (min(word(job, BAND), height - top) + 3) >> 2;
    const vectors = (tiles * down * across + 3) >> 2;
    let cells = <i32>(tiles * down * across);
    let entry = word(job, TABLE);
    for (let v: usize = 0; v < vectors; v += GROUP) {
      const group = min(GROUP, vectors - v);
      toCells(job, entry, group, padded, panels, temporary);
      multiply(job, panels, results, group > 2);
      fromCells(job, entry, min(cells, <i32>GROUP << 2), results, y + (top >> pooled) * row, top, temporary);
      entry += GROUP * ENTRY;
      cells -= <i32>GROUP << 2;
    }
  }
}

/** A tile's rows from `top` − 1 on between zeros; the columns beside them are zero already. */
function copyBand(job: usize, tile: usize, top: usize, to: usize): void {
  const planes = word(job, PLANES_IN);
  const height = word(job, HEIGHT);
  const row = word(job, WIDTH) << 2;
  const stride = word(job, STRIDE) << 2;
  const rows = word(job, BAND) + 2;
  let plane = word(job, X) + tile * planes * height * row - row;
  for (let p: usize = 0; p < planes; p++, plane += height * row) {
    for (let r: usize = 0; r < rows; r++, to += stride) {
      // Row `top + r` of the plane, counted from the one above its first.
      if (top + r - 1 < height) copyRow(to + 4, plane + (top + r) * row, row);
      else memory.fill(to + 4, 0, row);
    }
  }
}

/** At every point, the panels of the input times its matrix. Two panels take turns with four rows of it. */
function multiply(job: usize, panels: usize, results: usize, both: bool): void {
  const planes = word(job, PLANES_IN);
  const outputs = word(job, PLANES_OUT);
  let weights = word(job, WEIGHTS);
  for (let p: usize = 0; p < POINTS; p++) {
    for (let row: usize = 0; row < outputs; ) {
      const height = tileRows(<i32>(outputs - row));
      const to = results + (row << 5);
      product8(weights, panels, to, height, <i32>planes);
      if (both) product8(weights, panels + (planes << 5), to + (outputs << 5), height, <i32>planes);
      weights += (<usize>height * planes) << 2;
      row += height;
    }
    panels += pointBytes(planes);
    results += pointBytes(outputs);
  }
}
