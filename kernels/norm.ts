/**
 * Field batch norm → ReLU, maybe → 2×2 max-pool (the mathematics: src/lab/nn/ops/fieldNorm.ts). The planes of a field
 * share their numbers and lie side by side: without pooling a field is one row of n·H·W numbers, with it n·H/2 pairs of rows.
 *
 * Moments are summed in float64 over a fixed number of chunks of tiles, each in order, and the chunks in order: the same
 * bits with any number of threads.
 */
import { word } from './convolve';
import { addTo, counted, firstTwo, lastTwo, put, relu } from './lanes';
import { largestOfCells } from './pooling';

// The words of a job, the same for the gradient (normGradient.ts).
export const X = 0; // [tiles][fields][n][H][W]
export const Y = 1; // like X, or [tiles][fields][n][H/2][W/2] with pooling
export const SCALE = 2; // [fields]
export const SHIFT = 3; // [fields]
export const MEAN = 4; // [fields]
export const VARIANCE = 5; // [fields]
export const TILES = 6;
export const FIELDS = 7;
export const ORDER = 8;
export const HEIGHT = 9; // of X, even with pooling
export const WIDTH = 10; // of X, even with pooling
export const POOL = 11; // 1: with pooling, else 0
export const CHUNKS = 12; // of the sums
export const SUMS = 13; // [chunks][fields][2] float64: room for the sums of every chunk
export const DY = 14; // gradient of Y
export const DX = 15; // gradient of X
export const D_SCALE = 16; // [fields]
export const D_SHIFT = 17; // [fields]
export const PULL = 18; // [fields][2]: room for k₁, k₂

const EPSILON: f64 = 1e-5; // NORM_EPSILON

/** Bytes of a field of a tile of X. */
// @ts-ignore: decorator
@inline
export function fieldBytes(job: usize): usize {
  return (word(job, ORDER) * word(job, HEIGHT) * word(job, WIDTH)) << 2;
}

/** Bytes of a field of a tile of Y. */
// @ts-ignore: decorator
@inline
export function outputBytes(job: usize): usize {
  return word(job, POOL) != 0 ? fieldBytes(job) >> 2 : fieldBytes(job);
}

/** The first tile of a chunk of the sums; the last one before the next chunk's first. */
// @ts-ignore: decorator
@inline
export function firstTile(job: usize, chunk: usize): usize {
  return (word(job, TILES) * chunk) / word(job, CHUNKS);
}

/** A chunk's sums. */
// @ts-ignore: decorator
@inline
export function sumsOf(job: usize, chunk: usize): usize {
  return word(job, SUMS) + ((chunk * word(job, FIELDS)) << 4);
}

/** One sum of every chunk, added in order: of field `f`, the first or the second (`which`). */
export function chunkSum(job: usize, f: usize, which: usize): f64 {
  let sum: f64 = 0;
  for (let c: usize = 0; c < word(job, CHUNKS); c++) sum += f64.load(sumsOf(job, c) + (f << 4) + (which << 3));
  return sum;
}

/** How many values share a field's numbers. */
// @ts-ignore: decorator
@inline
export function valuesOfField(job: usize): f64 {
  return <f64>word(job, TILES) * <f64>(fieldBytes(job) >> 2);
}

/** A number of field `f`. */
// @ts-ignore: decorator
@inline
export function ofField(job: usize, index: i32, f: usize): f64 {
  return <f64>f32.load(word(job, index) + (f << 2));
}

/** 1/√(variance + ε). */
// @ts-ignore: decorator
@inline
export function inverseDeviation(job: usize, f: usize): f64 {
  return 1 / sqrt<f64>(ofField(job, VARIANCE, f) + EPSILON);
}

/** a of z = a·x + b. */
// @ts-ignore: decorator
@inline
export function slope(job: usize, f: usize): f64 {
  return ofField(job, SCALE, f) * inverseDeviation(job, f);
}

/** b of z = a·x + b. */
// @ts-ignore: decorator
@inline
export function offset(job: usize, f: usize, a: f64): f64 {
  return ofField(job, SHIFT, f) - a * ofField(job, MEAN, f);
}

/**
 * The sign bit of a: with s = ±1 the sign, z = |a|·(s·x) + b, so that the largest s·x of a cell has the largest z.
 */
// @ts-ignore: decorator
@inline
export function signOf(a: f32): v128 {
  return i32x4.splat(a < 0 ? <i32>0x80000000 : 0);
}

/** s·x of four elements. */
// @ts-ignore: decorator
@inline
export function signed(x: usize, sign: v128): v128 {
  return v128.xor(v128.load(x), sign);
}

/** Moments, first: Σx and Σx² of every field over a chunk of tiles. */
export function sumMoments(job: usize, chunk: usize): void {
  const fields = word(job, FIELDS);
  const bytes = fieldBytes(job);
  memory.fill(sumsOf(job, chunk), 0, fields << 4);
  let x = word(job, X) + firstTile(job, chunk) * fields * bytes;
  for (let left = firstTile(job, chunk + 1) - firstTile(job, chunk); left > 0; left--) {
    let sums = sumsOf(job, chunk);
    for (const end = sums + (fields << 4); sums < end; sums += 16, x += bytes) addMoments(x, bytes, sums);
  }
}

function addMoments(x: usize, bytes: usize, sums: usize): void {
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let square0 = sum0;
  let square1 = sum0;
  let square2 = sum0;
  let square3 = sum0;
  const end = x + bytes;
  for (; x + 32 <= end; x += 32) {
    const x0 = firstTwo(v128.load_zero<u64>(x));
    const x1 = firstTwo(v128.load_zero<u64>(x, 8));
    const x2 = firstTwo(v128.load_zero<u64>(x, 16));
    const x3 = firstTwo(v128.load_zero<u64>(x, 24));
    sum0 = f64x2.add(sum0, x0);
    sum1 = f64x2.add(sum1, x1);
    sum2 = f64x2.add(sum2, x2);
    sum3 = f64x2.add(sum3, x3);
    square0 = f64x2.add(square0, f64x2.mul(x0, x0));
    square1 = f64x2.add(square1, f64x2.mul(x1, x1));
    square2 = f64x2.add(square2, f64x2.mul(x2, x2));
    square3 = f64x2.add(square3, f64x2.mul(x3, x3));
  }
  for (; x < end; x += 16) {
    const value = v128.and(v128.load(x), counted(<i32>((end - x) >> 2)));
    const x0 = firstTwo(value);
    const x1 = lastTwo(value);
    sum0 = f64x2.add(sum0, x0);
    sum1 = f64x2.add(sum1, x1);
    square0 = f64x2.add(square0, f64x2.mul(x0, x0));
    square1 = f64x2.add(square1, f64x2.mul(x1, x1));
  }
  addTo(sums, f64x2.add(f64x2.add(sum0, sum1), f64x2.add(sum2, sum3)));
  addTo(sums + 8, f64x2.add(f64x2.add(square0, square1), f64x2.add(square2, square3)));
}

/** Moments, second: mean and biased variance of every field. */
export function finishMoments(job: usize): void {
  const count = valuesOfField(job);
  for (let f: usize = 0; f < word(job, FIELDS); f++) {
    const mean = chunkSum(job, f, 0) / count;
    const variance = chunkSum(job, f, 1) / count - mean * mean;
    f32.store(word(job, MEAN) + (f << 2), <f32>mean);
    f32.store(word(job, VARIANCE) + (f << 2), <f32>max<f64>(0, variance));
  }
}

/** One tile of Y. */
export function normTile(job: usize, tile: usize): void {
  const fields = word(job, FIELDS);
  const bytes = fieldBytes(job);
  const bytesOut = outputBytes(job);
  const row = word(job, WIDTH) << 2;
  let x = word(job, X) + tile * fields * bytes;
  let y = word(job, Y) + tile * fields * bytesOut;
  for (let f: usize = 0; f < fields; f++, x += bytes, y += bytesOut) {
    const exact = slope(job, f);
    const a = <f32>exact;
    // Never −0, so that no z is: ReLU would leave it.
    const b = <f32>offset(job, f, exact) + 0;
    if (word(job, POOL) != 0) normPool(x, x + bytes, row, y, a, b);
    else norm(x, x + bytes, y, a, b);
  }
}

function norm(x: usize, end: usize, y: usize, a: f32, b: f32): void {
  const slope = f32x4.splat(a);
  const offset = f32x4.splat(b);
  for (; x + 16 <= end; x += 16, y += 16) v128.store(y, relu(f32x4.add(f32x4.mul(slope, v128.load(x)), offset)));
  if (x < end) put(y, relu(f32x4.add(f32x4.mul(slope, v128.load(x)), offset)), <i32>((end - x) >> 2));
}

function normPool(x: usize, end: usize, row: usize, y: usize, a: f32, b: f32): void {
  const sign = signOf(a);
  const size = f32x4.splat(abs<f32>(a));
  const offset = f32x4.splat(b);
  for (; x < end; x += row) {
    const bottom = x + row;
    for (; x + 16 <= bottom; x += 16, y += 8) v128.store_lane<u64>(y, normCells(x, row, sign, size, offset), 0);
    if (x == bottom) continue;
    v128.store_lane<f32>(y, normCells(x, row, sign, size, offset), 0);
    x += 8;
    y += 4;
  }
}

/** Two cells, in lanes 0 and 1. */
// @ts-ignore: decorator
@inline
function normCells(x: usize, row: usize, sign: v128, size: v128, offset: v128): v128 {
  return relu(f32x4.add(f32x4.mul(size, largestOfCells(signed(x, sign), signed(x + row, sign))), offset));
}
