/**
 * Pooling over the group: the largest of an orbit's n values (NaN where one is), from planes to channels last. Its gradient is shared evenly
 * among tied elements, as that of 2×2 pooling.
 */
import { word } from './convolve';
import { larger, put } from './lanes';

// The words of a job.
export const X = 0; // [tiles][fields][n][H][W]
export const Y = 1; // [tiles][H][W][fields]; for the gradient, the gradient of it
export const DX = 2; // gradient of X
export const FIELDS = 3;
export const ORDER = 4;
export const HEIGHT = 5;
export const WIDTH = 6;

/** The largest of the n values of every field and pixel of one tile, channels last. */
export function poolGroupTile(job: usize, tile: usize): void {
  const fields = word(job, FIELDS);
  const order = word(job, ORDER);
  const pixels = word(job, HEIGHT) * word(job, WIDTH);
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
  const fields = word(job, FIELDS);
  const order = word(job, ORDER);
  const pixels = word(job, HEIGHT) * word(job, WIDTH);
  const plane = pixels << 2;
  const step = fields << 2;
  const start = tile * fields * order * plane;
  let x = word(job, X) + start;
  let dx = word(job, DX) + start;
  const dy = word(job, Y) + tile * fields * plane;
  for (let f: usize = 0; f < fields; f++, x += order * plane, dx += order * plane)
    shareInGroup(x, dx, order, plane, dy + (f << 2), step);
}

/**
 * One field. Always eight values, in registers: with n = 4, 2 or 1 each comes twice, four or eight times, and so does the
 * gradient. Loops over n take twice as long.
 */
function shareInGroup(x: usize, dx: usize, order: usize, plane: usize, dy: usize, step: usize): void {
  const last = order - 1;
  const at1 = (<usize>1 & last) * plane;
  const at2 = (<usize>2 & last) * plane;
  const at3 = (<usize>3 & last) * plane;
  const at4 = (<usize>4 & last) * plane;
  const at5 = (<usize>5 & last) * plane;
  const at6 = (<usize>6 & last) * plane;
  const at7 = (<usize>7 & last) * plane;
  const times = f32x4.splat(<f32>8 / <f32>order);
  for (let p: usize = 0; p < plane; p += 16, x += 16, dx += 16, dy += 4 * step) {
    const lanes = (plane - p) >> 2;
    const gradient = f32x4.mul(gather(dy, step, lanes), times);
    const x0 = v128.load(x);
    const x1 = v128.load(x + at1);
    const x2 = v128.load(x + at2);
    const x3 = v128.load(x + at3);
    const x4 = v128.load(x + at4);
    const x5 = v128.load(x + at5);
    const x6 = v128.load(x + at6);
    const x7 = v128.load(x + at7);
    const largest0 = f32x4.pmax(f32x4.pmax(x0, x1), f32x4.pmax(x2, x3));
    const largest1 = f32x4.pmax(f32x4.pmax(x4, x5), f32x4.pmax(x6, x7));
    const largest = f32x4.pmax(largest0, largest1);
    const is0 = f32x4.eq(x0, largest);
    const is1 = f32x4.eq(x1, largest);
    const is2 = f32x4.eq(x2, largest);
    const is3 = f32x4.eq(x3, largest);
    const is4 = f32x4.eq(x4, largest);
    const is5 = f32x4.eq(x5, largest);
    const is6 = f32x4.eq(x6, largest);
    const is7 = f32x4.eq(x7, largest);
    // A comparison that holds is −1.
    const ties0 = i32x4.add(i32x4.add(is0, is1), i32x4.add(is2, is3));
    const ties1 = i32x4.add(i32x4.add(is4, is5), i32x4.add(is6, is7));
    const ties = i32x4.neg(i32x4.add(ties0, ties1));
    const share = f32x4.div(gradient, f32x4.convert_i32x4_s(ties));
    const counting = <i32>min<usize>(lanes, 4);
    put(dx, v128.and(share, is0), counting);
    put(dx + at1, v128.and(share, is1), counting);
    put(dx + at2, v128.and(share, is2), counting);
    put(dx + at3, v128.and(share, is3), counting);
    put(dx + at4, v128.and(share, is4), counting);
    put(dx + at5, v128.and(share, is5), counting);
    put(dx + at6, v128.and(share, is6), counting);
    put(dx + at7, v128.and(share, is7), counting);
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
    largest = larger(largest, v128.load(x));
  }
  return largest;
}
