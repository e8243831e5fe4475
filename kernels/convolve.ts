/**
 * Group convolution of one tile, by Fourier over the group (design: fast-convolution; the identity and the layout of the
 * weights are in src/lab/nn/ops/groupConvolution/fourier.ts):
 *
 *   for eight pixels at a time: gather every field's n planes at h·p₀, transform, multiply by the transformed weights,
 *   transform back, store.
 *
 * The input gradient is the same operation on the gradient of the output, with the adjoint weights. An ordinary convolution
 * is the group C1. A lifting one reads one plane for all elements, and of the positions one of each orbit.
 *
 * A job is a block of 32-bit words, filled by src/lab/nn/ops/groupConvolution/kernels.ts in the order below.
 */
import { product8 } from './product';
import { fromC2, fromC4, fromD4, toC2, toC4, toD4 } from './groups';
import { largestOfCells } from './pooling';
import { copyRow, put, relu } from './lanes';

// @ts-ignore: decorator
@inline
export function word(job: usize, index: i32): usize {
  return <usize>load<u32>(job + ((<usize>index) << 2));
}

// The words of a job.
export const X = 0; // [tiles][fieldsIn][n][H][W]
export const Y = 1; // [tiles][fieldsOut][n][H][W]; for the filter gradient, the gradient of it
export const WEIGHTS = 2; // transformed; for the filter gradient, room for every chunk's sums
export const BIAS = 3; // [fieldsOut], or 0; with it goes a ReLU
export const TILES = 4;
export const ORDER = 5;
export const FIELDS_IN = 6;
export const FIELDS_OUT = 7;
export const HEIGHT = 8;
export const WIDTH = 9;
export const PADDING = 10;
export const POSITIONS = 11;
export const OFFSETS = 12; // [positions][n] bytes from a pixel to h·p₀ in a padded plane
export const VECTORS = 13; // how many, even
export const VECTOR_TABLE = 14; // per vector of four pixels: bytes in a padded plane, bytes in a plane, pixels that count
export const STRIDE = 15; // pixels of a padded row
export const SCRATCH = 16; // one piece for every thread
export const SCRATCH_BYTES = 17;
export const CHUNKS = 18;
export const BLOCK = 19; // filter gradient: vectors of a block
export const SUM_BYTES = 20; // filter gradient: bytes of a chunk's sums
export const PLANES_IN = 21; // of a field as it is read: n, or 1, of which all elements read
export const COUNTS = 22; // [blocks]: how many positions, from the first, have a component there
export const POOLS = 23; // 1: the largest of each 2×2 cell is written; then vectors come in fours, two above two

/** Bytes of a padded plane. */
// @ts-ignore: decorator
@inline
export function planeBytes(job: usize): usize {
  return ((word(job, HEIGHT) + 2 * word(job, PADDING)) * word(job, STRIDE)) << 2;
}

/** Copies a tile's planes between zeros: [planes][H][W] → [planes][H + 2p][stride]. The zeros stand there already. */
export function pad(job: usize, from: usize, to: usize, planes: usize): void {
  const height = word(job, HEIGHT);
  const row = word(job, WIDTH) << 2;
  const stride = word(job, STRIDE) << 2;
  const padding = word(job, PADDING);
  const plane = planeBytes(job);
  for (let p: usize = 0; p < planes; p++, to += plane) {
    let at = to + padding * stride + (padding << 2);
    for (let y: usize = 0; y < height; y++, at += stride, from += row) copyRow(at, from, row);
  }
}

/** Bytes that a thread's piece of scratch needs for padded planes: set to zero once for a job. */
// @ts-ignore: decorator
@inline
export function paddedBytes(job: usize): usize {
  return word(job, FIELDS_IN) * word(job, PLANES_IN) * planeBytes(job) + 64;
}

/** Rows of the inputs that block `b` of the products reads, of fields with one row each. */
// @ts-ignore: decorator
@inline
export function rowsIn(job: usize, b: usize): i32 {
  return load<i32>(word(job, COUNTS) + (b << 2)) * <i32>word(job, FIELDS_IN);
}

/** How many blocks have one row a field; with the others there are two: C4's pair, and both rows of D4's matrices. */
// @ts-ignore: decorator
@inline
export function onesOf(order: usize): usize {
  return order < 4 ? order : order >> 1;
}

/** One tile, with its padded planes at `padded` (whose borders are zero). */
export function convolveTile(job: usize, tile: usize, padded: usize): void {
  const order = word(job, ORDER);
  const fieldsOut = word(job, FIELDS_OUT);
  const pixels = (word(job, HEIGHT) * word(job, WIDTH)) << 2;
  const vectors = <i32>word(job, VECTORS);
  const planes = word(job, FIELDS_IN) * word(job, PLANES_IN);
  const panels = padded + paddedBytes(job);
  const results = panels + panelBytes(job) * order;
  const half = (fieldsOut * order) << 5;
  pad(job, word(job, X) + tile * planes * pixels, padded, planes);
  const y = word(job, Y) + tile * fieldsOut * order * (word(job, POOLS) ? pixels >> 2 : pixels);
  let entry = word(job, VECTOR_TABLE);
  for (let v = 0; v < vectors; v += 4, entry += 48) {
    const count = min(4, vectors - v);
    multiplyPixels(job, entry, padded, panels, results);
    if (count == 4) multiplyPixels(job, entry + 24, padded, panels, results + half);
    scatter(job, results, half, y, entry, count, results + 2 * half);
  }
}

/** Bytes of a panel of eight pixels, with one row a position and field. */
// @ts-ignore: decorator
@inline
function panelBytes(job: usize): usize {
  return (word(job, POSITIONS) * word(job, FIELDS_IN)) << 5;
}

/** All components of eight pixels' results. */
function multiplyPixels(job: usize, entry: usize, padded: usize, panels: usize, results: usize): void {
  const order = word(job, ORDER);
  const m = <i32>word(job, FIELDS_OUT);
  const panel = panelBytes(job);
  const rows = (<usize>m) << 5;
  gatherTwo(job, padded + load<u32>(entry), padded + load<u32>(entry, 12), panels, panel, 32);
  let weights = word(job, WEIGHTS);
  const ones = onesOf(order);
  for (let i: usize = 0; i < ones; i++) {
    const k = rowsIn(job, i);
    product8(weights, panels + i * panel, results + i * rows, m, k);
    weights += (<usize>m * k) << 2;
  }
  if (order < 4) return;
  const k = 2 * rowsIn(job, ones);
  product8(weights, panels + ones * panel, results + ones * rows, 2 * m, k);
  if (order == 8) product8(weights, panels + 6 * panel, results + 6 * rows, 2 * m, k);
}

/**
 * Eight pixels side by side (or four: `wide` is not set) of every position and field, transformed: rows of panels, `row`
 * bytes apart. `at`: where the pixels lie in a field's first padded plane.
 */
// @ts-ignore: decorator
@inline
function gatherPixels(job: usize, at: usize, panels: usize, panel: usize, row: usize, wide: bool): void {
  const order = word(job, ORDER);
  const fields = word(job, FIELDS_IN);
  const field = planeBytes(job) * word(job, PLANES_IN);
  const end = word(job, POSITIONS);
  let offsets = word(job, OFFSETS);
  let to = panels;
  if (order == 1) {
    for (let p: usize = 0; p < end; p++, offsets += 4) {
      let a = at + <usize>load<i32>(offsets);
      for (let f: usize = 0; f < fields; f++, to += row, a += field) {
        v128.store(to, v128.load(a));
        if (wide) v128.store(to, v128.load(a, 16), 16);
      }
    }
  } else if (order == 2) {
    for (let p: usize = 0; p < end; p++, offsets += 8) {
      let a = at + <usize>load<i32>(offsets);
      let b = at + <usize>load<i32>(offsets, 4);
      for (let f: usize = 0; f < fields; f++, to += row, a += field, b += field) {
        toC2(v128.load(a), v128.load(b), to, panel);
        if (wide) toC2(v128.load(a, 16), v128.load(b, 16), to + 16, panel);
      }
    }
  } else if (order == 4) {
    let pair = panels + 2 * panel;
    for (let p: usize = 0; p < end; p++, offsets += 16) {
      let a = at + <usize>load<i32>(offsets);
      let b = at + <usize>load<i32>(offsets, 4);
      let c = at + <usize>load<i32>(offsets, 8);
      let d = at + <usize>load<i32>(offsets, 12);
      for (let f: usize = 0; f < fields; f++, to += row, pair += 2 * row) {
        toC4(v128.load(a), v128.load(b), v128.load(c), v128.load(d), to, panel, pair, row);
        if (wide)
          toC4(v128.load(a, 16), v128.load(b, 16), v128.load(c, 16), v128.load(d, 16), to + 16, panel, pair + 16, row);
        a += field;
        b += field;
        c += field;
        d += field;
      }
    }
  } else {
    let pair = panels + 4 * panel;
    for (let p: usize = 0; p < end; p++, offsets += 32) {
      const o0 = <usize>load<i32>(offsets);
      const o1 = <usize>load<i32>(offsets, 4);
      const o2 = <usize>load<i32>(offsets, 8);
      const o3 = <usize>load<i32>(offsets, 12);
      const o4 = <usize>load<i32>(offsets, 16);
      const o5 = <usize>load<i32>(offsets, 20);
      const o6 = <usize>load<i32>(offsets, 24);
      const o7 = <usize>load<i32>(offsets, 28);
      let a = at;
      for (let f: usize = 0; f < fields; f++, to += row, pair += 2 * row, a += field) {
        toD4(
          v128.load(a + o0), v128.load(a + o1), v128.load(a + o2), v128.load(a + o3),
          v128.load(a + o4), v128.load(a + o5), v128.load(a + o6), v128.load(a + o7),
          to, panel, pair, row,
        );
        if (wide) {
          toD4(
            v128.load(a + o0, 16), v128.load(a + o1, 16), v128.load(a + o2, 16), v128.load(a + o3, 16),
            v128.load(a + o4, 16), v128.load(a + o5, 16), v128.load(a + o6, 16), v128.load(a + o7, 16),
            to + 16, panel, pair + 16, row,
          );
        }
      }
    }
  }
}

/** Four pixels. */
export function gather(job: usize, at: usize, panels: usize, panel: usize, row: usize): void {
  gatherPixels(job, at, panels, panel, row, false);
}

/** Eight, in two vectors that lie side by side where they come from or do not. */
export function gatherTwo(job: usize, first: usize, second: usize, panels: usize, panel: usize, row: usize): void {
  if (second == first + 16) {
    gatherPixels(job, first, panels, panel, row, true);
    return;
  }
  gather(job, first, panels, panel, row);
  gather(job, second, panels + 16, panel, row);
}

/** ReLU, where the layer has one. */
// @ts-ignore: decorator
@inline
function cut(value: v128, clips: bool): v128 {
  return clips ? relu(value) : value;
}

/**
 * The n values of every field from its components, at `count` vectors (two or four): those of a plane before the next,
 * for planes lie apart by what caches do not like. Where the layer pools, its first two vectors lie above its last two.
 */
function scatter(job: usize, results: usize, half: usize, y: usize, entries: usize, count: i32, values: usize): void {
  const order = word(job, ORDER);
  const fields = word(job, FIELDS_OUT);
  const pools = word(job, POOLS) != 0;
  const plane = (word(job, HEIGHT) * word(job, WIDTH)) << (pools ? 0 : 2);
  const bias = word(job, BIAS);
  const rows = fields << 5;
  const clips = bias != 0;
  const each = order << 4;
  for (let f: usize = 0; f < fields; f++, results += 32, y += order * plane) {
    // Never −0, so that no sum is: ReLU would leave it.
    const b = clips ? f32x4.add(v128.load_splat<f32>(bias + (f << 2)), f32x4.splat(0)) : f32x4.splat(0);
    for (let v = 0; v < count; v++) {
      const from = results + (<usize>(v & 1) << 4) + (v > 1 ? half : 0);
      const to = values + <usize>v * each;
      if (order == 1) v128.store(to, v128.load(from));
      else if (order == 2) fromC2(from, rows, to);
      else if (order == 4) fromC4(from, rows, from + 2 * rows + (f << 5), 32, to);
      else fromD4(from, rows, from + 4 * rows + (f << 5), 32, to);
    }
    if (pools) {
      for (let v = 0, entry = entries; v < 2; v++, entry += 12) {
        const lanes = load<i32>(entry, 8);
        if (lanes == 0) continue;
        let at = y + load<u32>(entry, 4);
        const top = values + <usize>v * each;
        for (let i: usize = 0; i < each; i += 16, at += plane) {
          const largest = cut(f32x4.add(largestOfCells(v128.load(top + i), v128.load(top + 2 * each + i)), b), clips);
          if (lanes > 1) v128.store_lane<u64>(at, largest, 0);
          else v128.store_lane<f32>(at, largest, 0);
        }
      }
      continue;
    }
    for (let v = 0, entry = entries, from = values; v < count; v++, entry += 12) {
      const lanes = load<i32>(entry, 8);
      let at = y + load<u32>(entry, 4);
      for (const end = from + each; from < end; from += 16, at += plane) {
        // The second vector of a last pair may count for nothing.
        if (lanes > 0) put(at, cut(f32x4.add(v128.load(from), b), clips), lanes);
      }
    }
  }
}
