/**
 * C = A·B, maybe + bias, and cut off. A and B have any row and column strides, so transposes cost nothing; C is row-major.
 *
 * Every element of C sums over k in order, in one accumulator of float32: blocks of k go on from what C holds. So results
 * depend neither on blocks nor on threads.
 *
 * A chunk is a block of C, ROWS × COLUMNS. Chunks: ⌈M/ROWS⌉·⌈N/COLUMNS⌉, those of the same rows side by side, and a thread
 * keeps its packed rows of A while it stays in them. A thread's piece of scratch, in bytes:
 *
 *   HEAD + 16·K·⌈min(M, ROWS)/4⌉ + 32·min(K, DEPTH)·⌈min(N, COLUMNS)/8⌉
 *
 * for a head, A's rows in tiles [K][4], and a block of B in panels [depth][8]. The micro-kernel is that of product.ts,
 * with any distance of rows: as one function for both, convolutions took 7 % longer.
 */
import { word } from './convolve';
import { put } from './lanes';

// The words of a job. Strides are in floats.
export const A = 0; // M×K
export const ROW_A = 1;
export const COLUMN_A = 2;
export const B = 3; // K×N
export const ROW_B = 4;
export const COLUMN_B = 5;
export const C = 6; // [M][N]
export const M = 7;
export const N = 8;
export const K = 9;
export const BIAS = 10; // [N], or 0
export const LOW = 11; // float32: where C is cut off, −∞ and ∞ for nowhere
export const HIGH = 12;
export const SCRATCH = 13; // one piece for every thread, each a multiple of 16 bytes
export const SCRATCH_BYTES = 14;

export const ROWS: usize = 128;
export const COLUMNS: usize = 64;
export const DEPTH: usize = 512;
/** The block of rows that is packed, then room for a tile at the edge of C. */
export const HEAD: usize = 16 + 128;

/** One block of C. */
export function multiplyChunk(job: usize, chunk: usize, thread: usize, first: bool): void {
  const piece = word(job, SCRATCH) + word(job, SCRATCH_BYTES) * thread;
  const across = (word(job, N) + COLUMNS - 1) / COLUMNS;
  const row = (chunk / across) * ROWS;
  const column = (chunk % across) * COLUMNS;
  const rows = min(word(job, M) - row, ROWS);
  const columns = min(word(job, N) - column, COLUMNS);
  const k = word(job, K);
  const tiles = piece + HEAD;
  const panels = tiles + (((rows + 3) >> 2) * k << 4);
  if (first || load<u32>(piece) != <u32>row) {
    store<u32>(piece, <u32>row);
    packTiles(job, row, rows, tiles);
  }
  for (let start: usize = 0; start < k; start += DEPTH) {
    const depth = min(k - start, DEPTH);
    packPanels(job, start, depth, column, columns, panels);
    const c = word(job, C) + ((row * word(job, N) + column) << 2);
    multiplyPacked(tiles + (start << 4), k << 4, panels, depth, c, word(job, N) << 2, rows, columns, start > 0, piece + 16);
  }
  finish(job, row, rows, column, columns);
}

/** Rows of A, in tiles of four: [K][4]. */
function packTiles(job: usize, row: usize, rows: usize, to: usize): void {
  const k = word(job, K);
  const step = word(job, ROW_A) << 2;
  const down = word(job, COLUMN_A) << 2;
  const from = word(job, A) + row * step;
  const part = partOf(step, k);
  for (let at: usize = 0; at < k; at += part) {
    const depth = min(part, k - at);
    for (let r: usize = 0; r < rows; r += 4)
      pack(from + at * down + r * step, down, step, min(rows - r, 4), depth, to + (r * k << 2) + (at << 4), 16);
  }
}

/** A block of B, in panels of eight columns: [depth][8]. */
function packPanels(job: usize, start: usize, k: usize, column: usize, columns: usize, to: usize): void {
  const step = word(job, COLUMN_B) << 2;
  const down = word(job, ROW_B) << 2;
  const from = word(job, B) + start * down + column * step;
  const part = partOf(step, k);
  for (let at: usize = 0; at < k; at += part) {
    const depth = min(part, k - at);
    for (let c: usize = 0; c < columns; c += 4) {
      const panel = to + ((c >> 3) * k << 5) + ((c & 4) << 2);
      pack(from + at * down + c * step, down, step, min(columns - c, 4), depth, panel + (at << 5), 32);
    }
  }
}

/** How much of k to pack at a time: little where the numbers of a k lie side by side, so that their lines are read once. */
// @ts-ignore: decorator
@inline
function partOf(step: usize, k: usize): usize {
  return step == 4 ? 8 : k;
}

/** k rows of four numbers, `row` bytes apart. Lanes that do not exist hold anything. */
function pack(from: usize, down: usize, step: usize, lanes: usize, k: usize, to: usize, row: usize): void {
  const end = to + k * row;
  if (step == 4) {
    for (; to < end; to += row, from += down) v128.store(to, v128.load(from));
    return;
  }
  let a0 = from;
  let a1 = from + min<usize>(1, lanes - 1) * step;
  let a2 = from + min<usize>(2, lanes - 1) * step;
  let a3 = from + min<usize>(3, lanes - 1) * step;
  if (down == 4) {
    for (const whole = to + (k >> 2) * 4 * row; to < whole; to += 4 * row, a0 += 16, a1 += 16, a2 += 16, a3 += 16) {
      const x0 = v128.load(a0);
      const x1 = v128.load(a1);
      const x2 = v128.load(a2);
      const x3 = v128.load(a3);
      const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
      const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
      v128.store(to + row, v128.shuffle<f64>(low01, low23, 1, 3));
      v128.store(to + 2 * row, v128.shuffle<f64>(high01, high23, 0, 2));
      v128.store(to + 3 * row, v128.shuffle<f64>(high01, high23, 1, 3));
    }
  }
  for (; to < end; to += row, a0 += down, a1 += down, a2 += down, a3 += down)
    v128.store(to, f32x4(f32.load(a0), f32.load(a1), f32.load(a2), f32.load(a3)));
}

/** Tiles of A (`tile` bytes apart) times panels of B, to the block at `c`. `goesOn`: C holds the sums so far. */
function multiplyPacked(
  tiles: usize, tile: usize, panels: usize, depth: usize, c: usize, row: usize, rows: usize, columns: usize,
  goesOn: bool, edge: usize,
): void {
  for (let i: usize = 0; i < rows; i += 4, tiles += tile, c += row << 2) {
    const high = min<usize>(rows - i, 4);
    let panel = panels;
    for (let j: usize = 0; j < columns; j += 8, panel += depth << 5) {
      const wide = min<usize>(columns - j, 8);
      const at = c + (j << 2);
      if (high == 4 && wide == 8) {
        multiplyTile(tiles, panel, depth, at, row, goesOn);
      } else {
        if (goesOn) for (let r: usize = 0; r < high; r++) memory.copy(edge + (r << 5), at + r * row, wide << 2);
        multiplyTile(tiles, panel, depth, edge, 32, goesOn);
        for (let r: usize = 0; r < high; r++) memory.copy(at + r * row, edge + (r << 5), wide << 2);
      }
    }
  }
}

function multiplyTile(a: usize, b: usize, k: usize, c: usize, row: usize, goesOn: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  if (goesOn) {
    c00 = v128.load(c);
    c01 = v128.load(c, 16);
    c10 = v128.load(c + row);
    c11 = v128.load(c + row, 16);
    c20 = v128.load(c + 2 * row);
    c21 = v128.load(c + 2 * row, 16);
    c30 = v128.load(c + 3 * row);
    c31 = v128.load(c + 3 * row, 16);
  }
  for (const end = b + (k << 5); b < end; b += 32, a += 16) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + row, c10);
  v128.store(c + row, c11, 16);
  v128.store(c + 2 * row, c20);
  v128.store(c + 2 * row, c21, 16);
  v128.store(c + 3 * row, c30);
  v128.store(c + 3 * row, c31, 16);
}

/** Adds the bias and cuts off, in a block of C. */
function finish(job: usize, row: usize, rows: usize, column: usize, columns: usize): void {
  const bias = word(job, BIAS);
  const low = v128.load_splat<f32>(job + (LOW << 2));
  const high = v128.load_splat<f32>(job + (HIGH << 2));
  if (bias == 0 && f32x4.extract_lane(low, 0) == -Infinity && f32x4.extract_lane(high, 0) == Infinity) return;
  for (let r = row; r < row + rows; r++) {
    let at = word(job, C) + ((r * word(job, N) + column) << 2);
    let added = bias + (column << 2);
    for (let left = <i32>columns; left > 0; left -= 4, at += 16, added += 16) {
      const sum = bias != 0 ? f32x4.add(v128.load(at), v128.load(added)) : v128.load(at);
      // What is not a number stays so.
      put(at, f32x4.pmin(f32x4.pmax(sum, low), high), min(left, 4));
    }
  }
}
