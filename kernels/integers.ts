/**
 * A product in integers, the one of src/lab/nn/ops/int8Product.ts number for number: activations to levels, int8 × levels
 * summed in int32, and back to floats. Sums of integers are exact in any order.
 *
 * A pair of products is one instruction's work, so everything lies in pairs along the inner dimension, and the last is
 * filled up with zeros:
 *
 *   levels   tiles of 4 rows: [pairs][4][2] int16, zero point taken off
 *   weights  panels of 8 columns: [pairs][8][2] int8
 *   sums     [rows, to a multiple of 32][columns, to a multiple of 64] int32
 */
import { word } from './convolve';
import { counted, put } from './lanes';

// The words of a job.
export const X = 0; // [rows][inputs] float32
export const Y = 1; // [rows][outputs] float32
export const WEIGHTS = 2;
export const LEVELS = 3; // room
export const SUMS = 4; // room
export const TABLE = 5; // [rows][3] float32: levels of one unit, zero point, and what a sum is multiplied by
export const BOUNDS = 6; // [pieces][2] float32: room for every piece's smallest and largest number, 0 among them
export const PIECE = 7; // numbers of a piece of X
export const ROWS = 8;
export const INPUTS = 9;
export const OUTPUTS = 10;

const HIGHEST_LEVEL: f32 = 127;

/** Rows and columns of a chunk of the product, and pairs that are multiplied before the next panel's turn. */
const BLOCK_ROWS: usize = 32;
const BLOCK_COLUMNS: usize = 64;
const DEPTH: usize = 512;

// @ts-ignore: decorator
@inline
function pairsOf(job: usize): usize {
  return (word(job, INPUTS) + 1) >> 1;
}

/** Bytes of a row of sums. */
// @ts-ignore: decorator
@inline
function sumsRow(job: usize): usize {
  return ((word(job, OUTPUTS) + BLOCK_COLUMNS - 1) & ~(BLOCK_COLUMNS - 1)) << 2;
}

/** The smallest and the largest number of one piece; what is not a number stays so. */
export function findBounds(job: usize, piece: usize): void {
  const length = word(job, PIECE);
  const first = piece * length;
  const left = min(length, word(job, ROWS) * word(job, INPUTS) - first);
  let x = word(job, X) + (first << 2);
  let low = f32x4.splat(0);
  let high = low;
  for (const end = x + ((left & ~3) << 2); x < end; x += 16) {
    const value = v128.load(x);
    low = f32x4.min(low, value);
    high = f32x4.max(high, value);
  }
  if (left & 3) {
    const value = v128.and(v128.load(x), counted(<i32>(left & 3)));
    low = f32x4.min(low, value);
    high = f32x4.max(high, value);
  }
  low = f32x4.min(low, v128.shuffle<f32>(low, low, 2, 3, 0, 1));
  high = f32x4.max(high, v128.shuffle<f32>(high, high, 2, 3, 0, 1));
  const at = word(job, BOUNDS) + (piece << 3);
  v128.store_lane<f32>(at, f32x4.min(low, v128.shuffle<f32>(low, low, 1, 0, 3, 2)), 0);
  v128.store_lane<f32>(at + 4, f32x4.max(high, v128.shuffle<f32>(high, high, 1, 0, 3, 2)), 0);
}

/** Four rows in levels. Rows that do not exist are read as the last one. */
export function findLevels(job: usize, tile: usize): void {
  const inputs = word(job, INPUTS);
  const last = word(job, ROWS) - 1;
  const row = inputs << 2;
  const first = tile << 2;
  const r1 = min(first + 1, last);
  const r2 = min(first + 2, last);
  const r3 = min(first + 3, last);
  const x0 = word(job, X) + first * row;
  const x1 = word(job, X) + r1 * row;
  const x2 = word(job, X) + r2 * row;
  const x3 = word(job, X) + r3 * row;
  const t0 = tableOf(job, first);
  const t1 = tableOf(job, r1);
  const t2 = tableOf(job, r2);
  const t3 = tableOf(job, r3);
  const pairs = pairsOf(job);
  let to = word(job, LEVELS) + ((tile * pairs) << 4);
  for (let i: usize = 0; i < inputs; i += 4, to += 32) {
    const at = i << 2;
    const mask = counted(<i32>min<usize>(inputs - i, 4));
    const rows01 = i16x8.narrow_i32x4_s(centred(x0 + at, t0, mask), centred(x1 + at, t1, mask));
    const rows23 = i16x8.narrow_i32x4_s(centred(x2 + at, t2, mask), centred(x3 + at, t3, mask));
    v128.store(to, v128.shuffle<i32>(rows01, rows23, 0, 2, 4, 6));
    if (i + 2 < inputs) v128.store(to, v128.shuffle<i32>(rows01, rows23, 1, 3, 5, 7), 16);
  }
}

// @ts-ignore: decorator
@inline
function tableOf(job: usize, row: usize): usize {
  return word(job, TABLE) + row * 12;
}

/** Level − zero point of four numbers, 0 where they do not count. `nearest` sends halves to the even neighbour. */
// @ts-ignore: decorator
@inline
function centred(x: usize, table: usize, mask: v128): v128 {
  const zeroPoint = v128.load_splat<f32>(table, 4);
  const level = f32x4.add(f32x4.nearest(f32x4.mul(v128.load(x), v128.load_splat<f32>(table))), zeroPoint);
  const kept = f32x4.min(f32x4.max(level, f32x4.splat(0)), f32x4.splat(HIGHEST_LEVEL));
  // What is not a number becomes 0.
  const whole = i32x4.sub(i32x4.trunc_sat_f32x4_s(kept), i32x4.trunc_sat_f32x4_s(zeroPoint));
  return v128.and(whole, mask);
}

/** One block of Y. Chunks: those of the same rows side by side. */
export function multiplyIntegers(job: usize, chunk: usize): void {
  const rows = word(job, ROWS);
  const outputs = word(job, OUTPUTS);
  const across = (outputs + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS;
  const row = (chunk / across) * BLOCK_ROWS;
  const column = (chunk % across) * BLOCK_COLUMNS;
  const endRow = min(row + BLOCK_ROWS, rows);
  const endColumn = min(column + BLOCK_COLUMNS, outputs);
  const step = sumsRow(job);
  const pairs = pairsOf(job);
  for (let r = row; r < row + BLOCK_ROWS; r++)
    memory.fill(word(job, SUMS) + r * step + (column << 2), 0, BLOCK_COLUMNS << 2);
  for (let first: usize = 0; first < pairs; first += DEPTH) {
    const depth = min(pairs - first, DEPTH);
    for (let c = column; c < endColumn; c += 8) {
      const panel = word(job, WEIGHTS) + (((c >> 3) * pairs + first) << 4);
      for (let r = row; r < endRow; r += 4) {
        const tile = word(job, LEVELS) + (((r >> 2) * pairs + first) << 4);
        addTile(tile, panel, depth, word(job, SUMS) + r * step + (c << 2), step);
      }
    }
  }
  for (let r = row; r < endRow; r++) {
    const scale = v128.load_splat<f32>(tableOf(job, r), 8);
    let sums = word(job, SUMS) + r * step + (column << 2);
    let y = word(job, Y) + ((r * outputs + column) << 2);
    for (let left = <i32>(endColumn - column); left > 0; left -= 4, sums += 16, y += 16)
      put(y, f32x4.mul(f32x4.convert_i32x4_s(v128.load(sums)), scale), min(left, 4));
  }
}

/** Adds 4 rows × 8 columns over `depth` pairs. */
function addTile(a: usize, b: usize, depth: usize, c: usize, step: usize): void {
  const row1 = c + step;
  const row2 = row1 + step;
  const row3 = row2 + step;
  let c00 = v128.load(c);
  let c01 = v128.load(c, 16);
  let c10 = v128.load(row1);
  let c11 = v128.load(row1, 16);
  let c20 = v128.load(row2);
  let c21 = v128.load(row2, 16);
  let c30 = v128.load(row3);
  let c31 = v128.load(row3, 16);
  for (const end = b + (depth << 4); b < end; b += 16, a += 16) {
    const b0 = v128.load_ext<i8>(b);
    const b1 = v128.load_ext<i8>(b, 8);
    const a0 = v128.load_splat<i32>(a);
    c00 = i32x4.add(c00, i32x4.dot_i16x8_s(a0, b0));
    c01 = i32x4.add(c01, i32x4.dot_i16x8_s(a0, b1));
    const a1 = v128.load_splat<i32>(a, 4);
    c10 = i32x4.add(c10, i32x4.dot_i16x8_s(a1, b0));
    c11 = i32x4.add(c11, i32x4.dot_i16x8_s(a1, b1));
    const a2 = v128.load_splat<i32>(a, 8);
    c20 = i32x4.add(c20, i32x4.dot_i16x8_s(a2, b0));
    c21 = i32x4.add(c21, i32x4.dot_i16x8_s(a2, b1));
    const a3 = v128.load_splat<i32>(a, 12);
    c30 = i32x4.add(c30, i32x4.dot_i16x8_s(a3, b0));
    c31 = i32x4.add(c31, i32x4.dot_i16x8_s(a3, b1));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(row1, c10);
  v128.store(row1, c11, 16);
  v128.store(row2, c20);
  v128.store(row2, c21, 16);
  v128.store(row3, c30);
  v128.store(row3, c31, 16);
}
