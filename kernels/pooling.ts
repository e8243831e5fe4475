/**
 * 2×2 max-pooling of planes, whose gradient is shared evenly among tied elements: uniform tiles (water) tie everywhere. Four
 * columns at a time, which are two cells; where the width is no multiple of four, the last cell comes alone.
 */
import { word } from './convolve';
import { larger, put } from './lanes';

// The words of a job.
export const X = 0; // [tiles][planes][H][W], H and W even
export const Y = 1; // [tiles][planes][H/2][W/2]; for the gradient, the gradient of it
export const DX = 2; // gradient of X
export const PLANES = 3; // of a tile
export const HEIGHT = 5;
export const WIDTH = 6;

/** The largest of each of two cells side by side, from their rows: lanes 0 and 1. NaN where one of a cell is. */
// @ts-ignore: decorator
@inline
export function largestOfCells(top: v128, bottom: v128): v128 {
  const rows = larger(top, bottom);
  return larger(v128.shuffle<f32>(rows, rows, 0, 2, 0, 2), v128.shuffle<f32>(rows, rows, 1, 3, 1, 3));
}

/** The same of numbers alone, for gradients: those behind a NaN are NaN by the moments of their batch. */
// @ts-ignore: decorator
@inline
export function winnersOfCells(top: v128, bottom: v128): v128 {
  const rows = f32x4.pmax(top, bottom);
  return f32x4.pmax(v128.shuffle<f32>(rows, rows, 0, 2, 0, 2), v128.shuffle<f32>(rows, rows, 1, 3, 1, 3));
}

/** The same in the lanes of their elements: the first cell's twice, the second's twice. */
// @ts-ignore: decorator
@inline
export function largestInCells(top: v128, bottom: v128): v128 {
  const rows = f32x4.pmax(top, bottom);
  return f32x4.pmax(rows, v128.shuffle<f32>(rows, rows, 1, 0, 3, 2));
}

/** Two numbers, one for each cell, in the lanes of its elements. */
// @ts-ignore: decorator
@inline
export function toCells(v: v128): v128 {
  return v128.shuffle<f32>(v, v, 0, 0, 1, 1);
}

/** A cell's gradient in as many equal parts as elements share it, times −1. Where they do, isTop and isBottom are set. */
// @ts-ignore: decorator
@inline
export function negativeShare(gradient: v128, isTop: v128, isBottom: v128): v128 {
  // Set bits are −1.
  const ties = i32x4.add(isTop, isBottom);
  return f32x4.div(gradient, f32x4.convert_i32x4_s(i32x4.add(ties, v128.shuffle<i32>(ties, ties, 1, 0, 3, 2))));
}

/** 2×2 max-pool of one tile. */
export function poolTile(job: usize, tile: usize): void {
  const row = word(job, WIDTH) << 2;
  const bytes = word(job, PLANES) * word(job, HEIGHT) * row;
  let x = word(job, X) + tile * bytes;
  let y = word(job, Y) + tile * (bytes >> 2);
  for (const end = x + bytes; x < end; x += row) {
    const bottom = x + row;
    for (; x + 16 <= bottom; x += 16, y += 8) v128.store_lane<u64>(y, largestOfCells(v128.load(x), v128.load(x + row)), 0);
    if (x == bottom) continue;
    v128.store_lane<f32>(y, largestOfCells(v128.load(x), v128.load(x + row)), 0);
    x += 8;
    y += 4;
  }
}

/** Its gradient. */
export function poolGradientTile(job: usize, tile: usize): void {
  const row = word(job, WIDTH) << 2;
  const bytes = word(job, PLANES) * word(job, HEIGHT) * row;
  let x = word(job, X) + tile * bytes;
  let dx = word(job, DX) + tile * bytes;
  let dy = word(job, Y) + tile * (bytes >> 2);
  for (const end = x + bytes; x < end; x += row, dx += row) {
    const bottom = x + row;
    for (; x + 16 <= bottom; x += 16, dx += 16, dy += 8) sharePair(x, row, dy, dx, 4);
    if (x == bottom) continue;
    sharePair(x, row, dy, dx, 2);
    x += 8;
    dx += 8;
    dy += 4;
  }
}

// @ts-ignore: decorator
@inline
function sharePair(x: usize, row: usize, dy: usize, dx: usize, lanes: i32): void {
  const top = v128.load(x);
  const bottom = v128.load(x + row);
  const largest = largestInCells(top, bottom);
  const isTop = f32x4.eq(top, largest);
  const isBottom = f32x4.eq(bottom, largest);
  const share = f32x4.neg(negativeShare(toCells(v128.load(dy)), isTop, isBottom));
  put(dx, v128.and(share, isTop), lanes);
  put(dx + row, v128.and(share, isBottom), lanes);
}
