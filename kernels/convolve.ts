/**
 * Group convolution of one tile, by Fourier over the group (design: fast-convolution; the identity and the layout of the
 * weights are in src/lab/nn/ops/groupConvolution/fourier.ts):
 *
 *   for eight pixels at a time: gather every field's n planes at h·p₀, transform, multiply by the transformed weights,
 *   transform back, store.
 *
 * The input gradient is the same operation on the gradient of the output, with the adjoint weights. An ordinary convolution,
 * and a lifting one with its filters expanded, is the group C1.
 *
 * A job is a block of 32-bit words, filled by src/lab/nn/ops/groupConvolution/kernels.ts in the order below.
 */
import { product8 } from './product';
import { toC2, toC4, toD4 } from './groups';
import { put } from './lanes';

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
export const LAYERS = 20; // filter gradient: bytes of a chunk's sums

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
    for (let y: usize = 0; y < height; y++, at += stride, from += row) memory.copy(at, from, row);
  }
}

/** Bytes that a thread's piece of scratch needs for padded planes: set to zero once for a job. */
// @ts-ignore: decorator
@inline
export function paddedBytes(job: usize): usize {
  return word(job, FIELDS_IN) * word(job, ORDER) * planeBytes(job) + 64;
}

/** One tile, with its padded planes at `padded` (whose borders are zero). */
export function convolveTile(job: usize, tile: usize, padded: usize): void {
  const order = word(job, ORDER);
  const fieldsIn = word(job, FIELDS_IN);
  const fieldsOut = word(job, FIELDS_OUT);
  const pixels = (word(job, HEIGHT) * word(job, WIDTH)) << 2;
  const positions = word(job, POSITIONS);
  const vectors = <i32>word(job, VECTORS);
  const bias = word(job, BIAS);
  const weights = word(job, WEIGHTS);
  const panels = padded + paddedBytes(job);
  const k = <i32>(positions * fieldsIn);
  const panel = (<usize>k) << 5;
  const results = panels + panel * order;
  pad(job, word(job, X) + tile * fieldsIn * order * pixels, padded, fieldsIn * order);
  const y = word(job, Y) + tile * fieldsOut * order * pixels;
  const m = <i32>fieldsOut;
  const rows = fieldsOut << 5;
  let entry = word(job, VECTOR_TABLE);
  for (let v = 0; v < vectors; v += 2, entry += 24) {
    gather(job, padded + load<u32>(entry), panels, panel, 32);
    gather(job, padded + load<u32>(entry, 12), panels + 16, panel, 32);
    if (order == 1) {
      product8(weights, panels, results, m, k);
    } else if (order == 2) {
      product8(weights, panels, results, m, k);
      product8(weights + (((<usize>m) * k) << 2), panels + panel, results + rows, m, k);
    } else {
      const each = ((<usize>m) * k) << 2;
      const ones: usize = order == 4 ? 2 : 4;
      for (let i: usize = 0; i < ones; i++)
        product8(weights + i * each, panels + i * panel, results + i * rows, m, k);
      product8(weights + ones * each, panels + ones * panel, results + ones * rows, 2 * m, 2 * k);
      if (order == 8)
        product8(weights + 4 * each, panels + 6 * panel, results + 6 * rows, 2 * m, 2 * k);
    }
    scatter(order, results, rows, fieldsOut, y + load<u32>(entry, 4), load<i32>(entry, 8), pixels, bias);
    const second = load<i32>(entry, 20);
    if (second > 0)
      scatter(order, results + 16, rows, fieldsOut, y + load<u32>(entry, 16), second, pixels, bias);
  }
}

/**
 * Four pixels of every position and field, transformed: rows of panels, `row` bytes apart, so that eight pixels (or a block
 * of the filter gradient) lie side by side. `at`: where the pixels lie in a field's first padded plane.
 */
export function gather(job: usize, at: usize, panels: usize, panel: usize, row: usize): void {
  const order = word(job, ORDER);
  const fields = word(job, FIELDS_IN);
  const plane = planeBytes(job);
  const end = word(job, POSITIONS);
  let offsets = word(job, OFFSETS);
  let to = panels;
  if (order == 1) {
    for (let p: usize = 0; p < end; p++, offsets += 4) {
      let a = at + <usize>load<i32>(offsets);
      for (let f: usize = 0; f < fields; f++, to += row, a += plane) v128.store(to, v128.load(a));
    }
  } else if (order == 2) {
    for (let p: usize = 0; p < end; p++, offsets += 8) {
      let a = at + <usize>load<i32>(offsets);
      let b = at + <usize>load<i32>(offsets, 4) + plane;
      for (let f: usize = 0; f < fields; f++, to += row, a += 2 * plane, b += 2 * plane)
        toC2(v128.load(a), v128.load(b), to, panel);
    }
  } else if (order == 4) {
    let pair = panels + 2 * panel;
    for (let p: usize = 0; p < end; p++, offsets += 16) {
      const o0 = <usize>load<i32>(offsets);
      const o1 = <usize>load<i32>(offsets, 4) + plane;
      const o2 = <usize>load<i32>(offsets, 8) + 2 * plane;
      const o3 = <usize>load<i32>(offsets, 12) + 3 * plane;
      let a = at;
      for (let f: usize = 0; f < fields; f++, to += row, pair += 2 * row, a += 4 * plane)
        toC4(v128.load(a + o0), v128.load(a + o1), v128.load(a + o2), v128.load(a + o3), to, panel, pair, row);
    }
  } else {
    let pair = panels + 4 * panel;
    for (let p: usize = 0; p < end; p++, offsets += 32) {
      const o0 = <usize>load<i32>(offsets);
      const o1 = <usize>load<i32>(offsets, 4) + plane;
      const o2 = <usize>load<i32>(offsets, 8) + 2 * plane;
      const o3 = <usize>load<i32>(offsets, 12) + 3 * plane;
      const o4 = <usize>load<i32>(offsets, 16) + 4 * plane;
      const o5 = <usize>load<i32>(offsets, 20) + 5 * plane;
      const o6 = <usize>load<i32>(offsets, 24) + 6 * plane;
      const o7 = <usize>load<i32>(offsets, 28) + 7 * plane;
      let a = at;
      for (let f: usize = 0; f < fields; f++, to += row, pair += 2 * row, a += 8 * plane) {
        toD4(
          v128.load(a + o0), v128.load(a + o1), v128.load(a + o2), v128.load(a + o3),
          v128.load(a + o4), v128.load(a + o5), v128.load(a + o6), v128.load(a + o7),
          to, panel, pair, row,
        );
      }
    }
  }
}

/** ReLU, where the layer has one. Not `max`, which is nine instructions because of NaN and −0. */
// @ts-ignore: decorator
@inline
function cut(value: v128, clips: bool): v128 {
  return clips ? f32x4.pmax(f32x4.splat(0), value) : value;
}

/** The n values of every field from its components, four pixels of each. */
function scatter(
  order: usize, results: usize, rows: usize, fields: usize, y: usize, lanes: i32, plane: usize, bias: usize,
): void {
  const zero = f32x4.splat(0);
  const clips = bias != 0;
  if (order == 1) {
    for (let f: usize = 0; f < fields; f++, results += 32, y += plane) {
      const b = bias != 0 ? v128.load_splat<f32>(bias + (f << 2)) : zero;
      put(y, cut(f32x4.add(v128.load(results), b), clips), lanes);
    }
    return;
  }
  if (order == 2) {
    for (let f: usize = 0; f < fields; f++, results += 32, y += 2 * plane) {
      const b = bias != 0 ? v128.load_splat<f32>(bias + (f << 2)) : zero;
      const i0 = f32x4.add(v128.load(results), b);
      const i1 = v128.load(results + rows);
      put(y, cut(f32x4.add(i0, i1), clips), lanes);
      put(y + plane, cut(f32x4.sub(i0, i1), clips), lanes);
    }
    return;
  }
  if (order == 4) {
    let pair = results + 2 * rows;
    for (let f: usize = 0; f < fields; f++, results += 32, pair += 64, y += 4 * plane) {
      const b = bias != 0 ? v128.load_splat<f32>(bias + (f << 2)) : zero;
      const i0 = f32x4.add(v128.load(results), b);
      const i1 = v128.load(results + rows);
      const c = v128.load(pair);
      const s = v128.load(pair, 32);
      const even = f32x4.add(i0, i1);
      const odd = f32x4.sub(i0, i1);
      put(y, cut(f32x4.add(even, c), clips), lanes);
      put(y + plane, cut(f32x4.add(odd, s), clips), lanes);
      put(y + 2 * plane, cut(f32x4.sub(even, c), clips), lanes);
      put(y + 3 * plane, cut(f32x4.sub(odd, s), clips), lanes);
    }
    return;
  }
  let upper = results + 4 * rows;
  let lower = results + 6 * rows;
  for (let f: usize = 0; f < fields; f++, results += 32, upper += 64, lower += 64, y += 8 * plane) {
    const b = bias != 0 ? v128.load_splat<f32>(bias + (f << 2)) : zero;
    const i0 = f32x4.add(v128.load(results), b);
    const i1 = v128.load(results + rows);
    const i2 = v128.load(results + 2 * rows);
    const i3 = v128.load(results + 3 * rows);
    const q00 = v128.load(upper);
    const q01 = v128.load(upper, 32);
    const q10 = v128.load(lower);
    const q11 = v128.load(lower, 32);
    const turned = f32x4.add(i0, i1);
    const signed = f32x4.add(i2, i3);
    const mirrored = f32x4.sub(i0, i1);
    const signedM = f32x4.sub(i2, i3);
    const diagonal = f32x4.add(q00, q11);
    const skew = f32x4.sub(q10, q01);
    const diagonalM = f32x4.sub(q00, q11);
    const skewM = f32x4.add(q01, q10);
    const even = f32x4.add(turned, signed);
    const odd = f32x4.sub(turned, signed);
    const evenM = f32x4.add(mirrored, signedM);
    const oddM = f32x4.sub(mirrored, signedM);
    put(y, cut(f32x4.add(even, diagonal), clips), lanes);
    put(y + plane, cut(f32x4.add(odd, skew), clips), lanes);
    put(y + 2 * plane, cut(f32x4.sub(even, diagonal), clips), lanes);
    put(y + 3 * plane, cut(f32x4.sub(odd, skew), clips), lanes);
    put(y + 4 * plane, cut(f32x4.add(evenM, diagonalM), clips), lanes);
    put(y + 5 * plane, cut(f32x4.add(oddM, skewM), clips), lanes);
    put(y + 6 * plane, cut(f32x4.sub(evenM, diagonalM), clips), lanes);
    put(y + 7 * plane, cut(f32x4.sub(oddM, skewM), clips), lanes);
  }
}
