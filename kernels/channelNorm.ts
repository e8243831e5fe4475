/**
 * Batch norm → cut off, channels last: every channel is a field of its own (the mathematics: src/lab/nn/ops/fieldNorm.ts,
 * the steps: norm.ts and normGradient.ts). Lanes are channels, and a row is all channels of a pixel.
 *
 * A job is one of norm.ts, each row a tile of one pixel. Rows are summed in float64 in a fixed number of chunks, each in
 * order, and the chunks in order: the same bits with any number of threads. What does not sum takes any number of chunks.
 *
 * dz, the gradient at z = a·x + b, is dy where LOW < z < HIGH, else nothing.
 */
import { word } from './convolve';
import { firstTwo, lastTwo, put } from './lanes';
import { DX, DY, FIELDS, firstTile, offset, PULL, slope, sumsOf, X, Y } from './norm';
import { finishNormGradient } from './normGradient';

// The words of a job beside those of norm.ts.
export const LOW = 19; // float32: where z is cut off
export const HIGH = 20;
export const TABLE = 21; // [4][channels, to a multiple of four]: room for a, b, k₁, k₂ of every channel

/** Numbers of a band of rows that is summed for four channels after the other: it stays in a core's first cache. */
const BAND: usize = 2048;

/** Where a row of the table begins. */
// @ts-ignore: decorator
@inline
function tableOf(job: usize, row: usize): usize {
  return word(job, TABLE) + row * ((word(job, FIELDS) + 3) & ~3) * 4;
}

/** Moments, first: Σx and Σx² of every channel over a chunk of rows. What follows is `finishMoments` of norm.ts. */
export function sumChannelMoments(job: usize, chunk: usize): void {
  const channels = word(job, FIELDS);
  const row = channels << 2;
  const sums = sumsOf(job, chunk);
  memory.fill(sums, 0, channels << 4);
  const end = word(job, X) + firstTile(job, chunk + 1) * row;
  const band = max<usize>(8, BAND / channels) * row;
  for (let x = word(job, X) + firstTile(job, chunk) * row; x < end; x += band) {
    const stop = min(x + band, end);
    for (let c: usize = 0; c < channels; c += 4)
      addMoments(x + (c << 2), stop, row, sums + (c << 4), <i32>min<usize>(channels - c, 4));
  }
}

function addMoments(x: usize, end: usize, row: usize, sums: usize, lanes: i32): void {
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let square0 = sum0;
  let square1 = sum0;
  for (; x < end; x += row) {
    const x0 = firstTwo(v128.load_zero<u64>(x));
    const x1 = firstTwo(v128.load_zero<u64>(x, 8));
    sum0 = f64x2.add(sum0, x0);
    sum1 = f64x2.add(sum1, x1);
    square0 = f64x2.add(square0, f64x2.mul(x0, x0));
    square1 = f64x2.add(square1, f64x2.mul(x1, x1));
  }
  addPairs(sums, sum0, square0, lanes);
  if (lanes > 2) addPairs(sums + 32, sum1, square1, lanes - 2);
}

/** Adds to the two float64 of one channel or two. */
// @ts-ignore: decorator
@inline
function addPairs(sums: usize, first: v128, second: v128, lanes: i32): void {
  v128.store(sums, f64x2.add(v128.load(sums), v128.shuffle<f64>(first, second, 0, 2)));
  if (lanes > 1) v128.store(sums, f64x2.add(v128.load(sums, 16), v128.shuffle<f64>(first, second, 1, 3)), 16);
}

/** a and b of every channel, for the steps below. */
export function channelTable(job: usize): void {
  for (let c: usize = 0; c < word(job, FIELDS); c++) {
    const a = slope(job, c);
    f32.store(tableOf(job, 0) + (c << 2), <f32>a);
    f32.store(tableOf(job, 1) + (c << 2), <f32>offset(job, c, a));
  }
}

/** A chunk of rows of Y. */
export function channelNorm(job: usize, chunk: usize): void {
  const row = word(job, FIELDS) << 2;
  const start = firstTile(job, chunk) * row;
  const end = word(job, X) + firstTile(job, chunk + 1) * row;
  const low = v128.load_splat<f32>(job + (LOW << 2));
  const high = v128.load_splat<f32>(job + (HIGH << 2));
  let y = word(job, Y) + start;
  for (let x = word(job, X) + start; x < end; ) {
    let a = tableOf(job, 0);
    let b = tableOf(job, 1);
    const stop = x + row;
    for (; x + 16 <= stop; x += 16, y += 16, a += 16, b += 16)
      v128.store(y, cut(f32x4.add(f32x4.mul(v128.load(a), v128.load(x)), v128.load(b)), low, high));
    if (x == stop) continue;
    put(y, cut(f32x4.add(f32x4.mul(v128.load(a), v128.load(x)), v128.load(b)), low, high), <i32>((stop - x) >> 2));
    y += stop - x;
    x = stop;
  }
}

/** Between the bounds. Not `max` and `min`, which are nine instructions each because of NaN and −0. */
// @ts-ignore: decorator
@inline
function cut(z: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(z, low), high);
}

/** Gradient, first: Σ dz and Σ dz·x of every channel over a chunk of rows. */
export function sumChannelGradient(job: usize, chunk: usize): void {
  const channels = word(job, FIELDS);
  const row = channels << 2;
  const sums = sumsOf(job, chunk);
  memory.fill(sums, 0, channels << 4);
  const end = word(job, X) + firstTile(job, chunk + 1) * row;
  const toDy = word(job, DY) - word(job, X);
  const band = max<usize>(8, BAND / channels) * row;
  for (let x = word(job, X) + firstTile(job, chunk) * row; x < end; x += band) {
    const stop = min(x + band, end);
    for (let c: usize = 0; c < channels; c += 4)
      addGradient(job, c, x + (c << 2), stop, row, toDy, sums + (c << 4), <i32>min<usize>(channels - c, 4));
  }
}

function addGradient(
  job: usize, c: usize, x: usize, end: usize, row: usize, toDy: usize, sums: usize, lanes: i32,
): void {
  const low = v128.load_splat<f32>(job + (LOW << 2));
  const high = v128.load_splat<f32>(job + (HIGH << 2));
  const a = v128.load(tableOf(job, 0) + (c << 2));
  const b = v128.load(tableOf(job, 1) + (c << 2));
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let product0 = sum0;
  let product1 = sum0;
  for (; x < end; x += row) {
    const value = v128.load(x);
    const dz = passing(v128.load(x + toDy), f32x4.add(f32x4.mul(a, value), b), low, high);
    const dz0 = firstTwo(dz);
    const dz1 = lastTwo(dz);
    sum0 = f64x2.add(sum0, dz0);
    sum1 = f64x2.add(sum1, dz1);
    product0 = f64x2.add(product0, f64x2.mul(dz0, firstTwo(value)));
    product1 = f64x2.add(product1, f64x2.mul(dz1, lastTwo(value)));
  }
  addPairs(sums, sum0, product0, lanes);
  if (lanes > 2) addPairs(sums + 32, sum1, product1, lanes - 2);
}

/** dz. */
// @ts-ignore: decorator
@inline
function passing(dy: v128, z: v128, low: v128, high: v128): v128 {
  return v128.and(dy, v128.and(f32x4.gt(z, low), f32x4.lt(z, high)));
}

/** Gradient, second: as in normGradient.ts, with k₁ and k₂ in the table. */
export function finishChannelGradient(job: usize): void {
  finishNormGradient(job);
  for (let c: usize = 0; c < word(job, FIELDS); c++) {
    f32.store(tableOf(job, 2) + (c << 2), f32.load(word(job, PULL) + (c << 3)));
    f32.store(tableOf(job, 3) + (c << 2), f32.load(word(job, PULL) + (c << 3), 4));
  }
}

/** Gradient, third: a chunk of rows of dx. */
export function channelGradient(job: usize, chunk: usize): void {
  const row = word(job, FIELDS) << 2;
  const start = firstTile(job, chunk) * row;
  const end = word(job, X) + firstTile(job, chunk + 1) * row;
  let dy = word(job, DY) + start;
  let dx = word(job, DX) + start;
  for (let x = word(job, X) + start; x < end; x += row, dy += row, dx += row) writeRow(job, x, dy, dx, row);
}

function writeRow(job: usize, x: usize, dy: usize, dx: usize, row: usize): void {
  const low = v128.load_splat<f32>(job + (LOW << 2));
  const high = v128.load_splat<f32>(job + (HIGH << 2));
  const step = tableOf(job, 1) - tableOf(job, 0);
  let table = tableOf(job, 0);
  const end = x + row;
  for (; x + 16 <= end; x += 16, dy += 16, dx += 16, table += 16)
    v128.store(dx, gradientOf(v128.load(x), v128.load(dy), table, step, low, high));
  if (x < end) put(dx, gradientOf(v128.load(x), v128.load(dy), table, step, low, high), <i32>((end - x) >> 2));
}

// @ts-ignore: decorator
@inline
function gradientOf(x: v128, dy: v128, table: usize, step: usize, low: v128, high: v128): v128 {
  const a = v128.load(table);
  const dz = passing(dy, f32x4.add(f32x4.mul(a, x), v128.load(table + step)), low, high);
  const pull = f32x4.add(v128.load(table + 2 * step), f32x4.mul(v128.load(table + 3 * step), x));
  return f32x4.sub(f32x4.mul(a, dz), pull);
}
