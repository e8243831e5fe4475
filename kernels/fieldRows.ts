/**
 * Rows whose channels are fields of n numbers side by side, one for each element of a group, as the components of every field
 * (groups.ts), and back. Between the two stand products of matrices (matmul.ts); the mathematics:
 * src/lab/nn/ops/tokens/fieldLinear.ts.
 *
 * N rows, F fields, `ones` one-dimensional components:
 *
 *   rows        [N][F][n]
 *   components  ones × [N][F], then C4's pair [N][2][F], or for each row of D4's matrices [N][2][F]
 *
 * Lanes are four fields, so four times n numbers are turned over on the way.
 */
import { onesOf, word } from './convolve';
import { fromC2, fromC4, fromD4, toC2, toC4, toD4 } from './groups';
import { put } from './lanes';

// The words of a job.
export const FROM = 0;
export const TO = 1;
export const BIAS = 2; // [F], added to every number of a field on the way back; 0: none
export const ORDER = 3; // n: 2, 4 or 8
export const FIELDS = 4; // F
export const ROWS = 5; // N
export const PIECES = 6; // chunks
export const SCRATCH = 7; // one piece of 256 bytes for every thread: n vectors, and the last fields of a row
export const SCRATCH_BYTES = 8;

// @ts-ignore: decorator
@inline
function scratchOf(job: usize, thread: usize): usize {
  return word(job, SCRATCH) + word(job, SCRATCH_BYTES) * thread;
}

/** The first row of a chunk. */
// @ts-ignore: decorator
@inline
function firstRow(job: usize, chunk: usize): usize {
  return (word(job, ROWS) * chunk) / word(job, PIECES);
}

/** Rows → components. */
export function fieldComponents(job: usize, chunk: usize, thread: usize): void {
  const order = word(job, ORDER);
  const fields = word(job, FIELDS);
  const row = fields << 2;
  const plane = word(job, ROWS) * row;
  const pairs = onesOf(order) * plane;
  const at = scratchOf(job, thread);
  const end = firstRow(job, chunk + 1);
  for (let n = firstRow(job, chunk); n < end; n++) {
    let from = word(job, FROM) + n * row * order;
    let to = word(job, TO) + n * row;
    let pair = word(job, TO) + pairs + n * 2 * row;
    for (let f: usize = 0; f < fields; f += 4, from += order << 4, to += 16, pair += 16) {
      const lanes = <i32>min<usize>(fields - f, 4);
      if (lanes == 4) {
        toFour(order, from, to, plane, pair, row);
      } else {
        memory.copy(at + 128, from, lanes * order << 2);
        toFour(order, at + 128, at, 16, at + (onesOf(order) << 4), 16);
        putFour(order, at, to, plane, pair, row, lanes);
      }
    }
  }
}

/** The components of four fields, whose numbers lie side by side at `from`. */
function toFour(order: usize, from: usize, to: usize, plane: usize, pair: usize, row: usize): void {
  const v0 = v128.load(from);
  const v1 = v128.load(from, 16);
  if (order == 2) {
    toC2(v128.shuffle<f32>(v0, v1, 0, 2, 4, 6), v128.shuffle<f32>(v0, v1, 1, 3, 5, 7), to, plane);
    return;
  }
  const v2 = v128.load(from, 32);
  const v3 = v128.load(from, 48);
  if (order == 4) {
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    toC4(
      v128.shuffle<f64>(low01, low23, 0, 2), v128.shuffle<f64>(low01, low23, 1, 3),
      v128.shuffle<f64>(high01, high23, 0, 2), v128.shuffle<f64>(high01, high23, 1, 3), to, plane, pair, row,
    );
    return;
  }
  // Turned in even vectors, mirrored in odd ones.
  const v4 = v128.load(from, 64);
  const v5 = v128.load(from, 80);
  const v6 = v128.load(from, 96);
  const v7 = v128.load(from, 112);
  const lowA = v128.shuffle<f32>(v0, v2, 0, 4, 1, 5);
  const highA = v128.shuffle<f32>(v0, v2, 2, 6, 3, 7);
  const lowB = v128.shuffle<f32>(v4, v6, 0, 4, 1, 5);
  const highB = v128.shuffle<f32>(v4, v6, 2, 6, 3, 7);
  const lowC = v128.shuffle<f32>(v1, v3, 0, 4, 1, 5);
  const highC = v128.shuffle<f32>(v1, v3, 2, 6, 3, 7);
  const lowD = v128.shuffle<f32>(v5, v7, 0, 4, 1, 5);
  const highD = v128.shuffle<f32>(v5, v7, 2, 6, 3, 7);
  toD4(
    v128.shuffle<f64>(lowA, lowB, 0, 2), v128.shuffle<f64>(lowA, lowB, 1, 3),
    v128.shuffle<f64>(highA, highB, 0, 2), v128.shuffle<f64>(highA, highB, 1, 3),
    v128.shuffle<f64>(lowC, lowD, 0, 2), v128.shuffle<f64>(lowC, lowD, 1, 3),
    v128.shuffle<f64>(highC, highD, 0, 2), v128.shuffle<f64>(highC, highD, 1, 3), to, plane, pair, row,
  );
}

/** Components that lie at `at`, to their places, as far as there are fields. */
function putFour(order: usize, at: usize, to: usize, plane: usize, pair: usize, row: usize, lanes: i32): void {
  const ones = onesOf(order);
  for (let i: usize = 0; i < ones; i++) put(to + i * plane, v128.load(at + (i << 4)), lanes);
  for (let i = ones; i < order; i++) {
    const j = i - ones;
    put(pair + (j >> 1) * 2 * plane + (j & 1) * row, v128.load(at + (i << 4)), lanes);
  }
}

/** Components → rows, each field with its bias. */
export function fieldRows(job: usize, chunk: usize, thread: usize): void {
  const order = word(job, ORDER);
  const fields = word(job, FIELDS);
  const row = fields << 2;
  const plane = word(job, ROWS) * row;
  const pairs = onesOf(order) * plane;
  const bias = word(job, BIAS);
  const at = scratchOf(job, thread);
  const end = firstRow(job, chunk + 1);
  for (let n = firstRow(job, chunk); n < end; n++) {
    let to = word(job, TO) + n * row * order;
    let from = word(job, FROM) + n * row;
    let pair = word(job, FROM) + pairs + n * 2 * row;
    for (let f: usize = 0; f < fields; f += 4, to += order << 4, from += 16, pair += 16) {
      if (order == 2) fromC2(from, plane, at);
      else if (order == 4) fromC4(from, plane, pair, row, at);
      else fromD4(from, plane, pair, row, at);
      const added = bias != 0 ? v128.load(bias + (f << 2)) : f32x4.splat(0);
      const lanes = <i32>min<usize>(fields - f, 4);
      if (lanes == 4) {
        sideBySide(order, at, added, to);
      } else {
        sideBySide(order, at, added, at + 128);
        memory.copy(to, at + 128, lanes * order << 2);
      }
    }
  }
}

/** Vectors of four fields, one for each element, → the numbers of each field side by side. */
function sideBySide(order: usize, at: usize, added: v128, to: usize): void {
  const v0 = f32x4.add(v128.load(at), added);
  const v1 = f32x4.add(v128.load(at, 16), added);
  if (order == 2) {
    v128.store(to, v128.shuffle<f32>(v0, v1, 0, 4, 1, 5));
    v128.store(to, v128.shuffle<f32>(v0, v1, 2, 6, 3, 7), 16);
    return;
  }
  const step = order << 2;
  fourSideBySide(v0, v1, f32x4.add(v128.load(at, 32), added), f32x4.add(v128.load(at, 48), added), to, step);
  if (order == 4) return;
  fourSideBySide(
    f32x4.add(v128.load(at, 64), added), f32x4.add(v128.load(at, 80), added),
    f32x4.add(v128.load(at, 96), added), f32x4.add(v128.load(at, 112), added), to + 16, step,
  );
}

// @ts-ignore: decorator
@inline
function fourSideBySide(v0: v128, v1: v128, v2: v128, v3: v128, to: usize, step: usize): void {
  const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<f64>(high01, high23, 1, 3));
}
