/**
 * Maxima over 2×2 cells, and over the group. Their gradients are shared evenly among tied elements: uniform tiles (water)
 * tie everywhere.
 */
import { word } from './convolve';
import { put } from './lanes';

// The words of a job.
export const X = 0; // cells: [tiles][planes][H][W], even; group: [tiles][fields][n][pixels]
export const Y = 1; // cells: [tiles][planes][H/2][W/2]; group: [tiles][pixels][fields]; for a gradient, the gradient of it
export const DX = 2; // gradient of X
export const PLANES = 3; // cells: planes of a tile; group: fields of a tile
export const ORDER = 4; // group: n
export const HEIGHT = 5; // group: 1
export const WIDTH = 6; // group: pixels of a plane

/** The largest of each of two cells side by side, from their rows: lanes 0 and 1. */
// @ts-ignore: decorator
@inline
export function largestOfCells(top: v128, bottom: v128): v128 {
  const larger = f32x4.pmax(top, bottom);
  return f32x4.pmax(v128.shuffle<f32>(larger, larger, 0, 2, 0, 2), v128.shuffle<f32>(larger, larger, 1, 3, 1, 3));
}

/** The same in the lanes of their elements: the first cell's twice, the second's twice. */
// @ts-ignore: decorator
@inline
export function largestInCells(top: v128, bottom: v128): v128 {
  const larger = f32x4.pmax(top, bottom);
  return f32x4.pmax(larger, v128.shuffle<f32>(larger, larger, 1, 0, 3, 2));
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

/** The largest of the n values of every field and pixel of one tile, channels last. */
export function poolGroupTile(job: usize, tile: usize): void {
  const fields = word(job, PLANES);
  const order = word(job, ORDER);
  const pixels = word(job, WIDTH);
  const plane = pixels << 2;
  const step = fields << 2;
  let x = word(job, X) + tile * fields * order * plane;
  const y = word(job, Y) + tile * fields * plane;
  for (let f: usize = 0; f < fields; f++, x += order * plane) {
    for (let p: usize = 0; p < pixels; p += 4)
      scatter(largestOfGroup(x + (p << 2), order, plane), y + p * step + (f << 2), step, pixels - p);
  }
}

/** Its gradient: dy is channels last, dx planar. */
export function poolGroupGradientTile(job: usize, tile: usize): void {
  const fields = word(job, PLANES);
  const order = word(job, ORDER);
  const pixels = word(job, WIDTH);
  const plane = pixels << 2;
  const step = fields << 2;
  const start = tile * fields * order * plane;
  let x = word(job, X) + start;
  let dx = word(job, DX) + start;
  const dy = word(job, Y) + tile * fields * plane;
  for (let f: usize = 0; f < fields; f++, x += order * plane, dx += order * plane) {
    for (let p: usize = 0; p < pixels; p += 4) {
      const gradient = gather(dy + p * step + (f << 2), step, pixels - p);
      shareInGroup(x + (p << 2), dx + (p << 2), order, plane, gradient, <i32>min<usize>(pixels - p, 4));
    }
  }
}

/** Stores the lanes that count `step` apart. */
// @ts-ignore: decorator
@inline
function scatter(v: v128, to: usize, step: usize, lanes: usize): void {
  v128.store_lane<f32>(to, v, 0);
  if (lanes > 1) v128.store_lane<f32>(to + step, v, 1);
  if (lanes > 2) v128.store_lane<f32>(to + 2 * step, v, 2);
  if (lanes > 3) v128.store_lane<f32>(to + 3 * step, v, 3);
}

/** Loads them. */
// @ts-ignore: decorator
@inline
function gather(from: usize, step: usize, lanes: usize): v128 {
  let v = v128.load_splat<f32>(from);
  if (lanes > 1) v = v128.load_lane<f32>(from + step, v, 1);
  if (lanes > 2) v = v128.load_lane<f32>(from + 2 * step, v, 2);
  if (lanes > 3) v = v128.load_lane<f32>(from + 3 * step, v, 3);
  return v;
}

// @ts-ignore: decorator
@inline
function largestOfGroup(x: usize, order: usize, plane: usize): v128 {
  let largest = v128.load(x);
  for (let g: usize = 1; g < order; g++) {
    x += plane;
    largest = f32x4.pmax(largest, v128.load(x));
  }
  return largest;
}

// @ts-ignore: decorator
@inline
function shareInGroup(x: usize, dx: usize, order: usize, plane: usize, gradient: v128, lanes: i32): void {
  const largest = largestOfGroup(x, order, plane);
  const end = x + order * plane;
  let ties = i32x4.splat(0);
  for (let at = x; at < end; at += plane) ties = i32x4.sub(ties, f32x4.eq(v128.load(at), largest));
  const share = f32x4.div(gradient, f32x4.convert_i32x4_s(ties));
  for (let at = x; at < end; at += plane, dx += plane)
    put(dx, v128.and(share, f32x4.eq(v128.load(at), largest)), lanes);
}
