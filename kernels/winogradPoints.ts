/**
 * The transforms of Winograd's algorithm F(4×4, 3×3), of four cells at a time: in both directions six values are those of a
 * polynomial at the points 0, ±a, ±b and ∞, and four values come back from six.
 *
 * With a = 3/4 and b = 3/2 all factors here are exact, and rounding is hardly more than in the sum over a filter's positions
 * (at the usual ±1, ±2 it is five times as much). src/lab/nn/ops/groupConvolution/winograd.ts has the filter's transform.
 */
import { word } from './convolve';
import { larger, put, relu } from './lanes';
import {
  BIAS, ENTRY, HEIGHT, ORDER, panelOf, planeBytes, PLANES_IN, PLANES_OUT, pointBytes, POOLS, STRIDE, WIDTH,
} from './winograd';

export const POINTS: usize = 36;

// Words of a vector of four cells, one for each: where it is read and written, in bytes, its first row, and its columns.
const WRITTEN: usize = 16;
const ROWS: usize = 32;
const COLUMNS: usize = 48;

const A: f32 = 0.75;
const B: f32 = 1.5;
const A2: f32 = A * A;
const B2: f32 = B * B;
const A3: f32 = A2 * A;
const B3: f32 = B2 * B;

/** Six values at the six points, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function toPoints(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  const a2 = f32x4.splat(A2);
  const b2 = f32x4.splat(B2);
  const evenA = f32x4.sub(d4, f32x4.mul(b2, d2));
  const oddA = f32x4.mul(f32x4.splat(A), f32x4.sub(d3, f32x4.mul(b2, d1)));
  v128.store(to + step, f32x4.add(evenA, oddA));
  v128.store(to + 2 * step, f32x4.sub(evenA, oddA));
  const evenB = f32x4.sub(d4, f32x4.mul(a2, d2));
  const oddB = f32x4.mul(f32x4.splat(B), f32x4.sub(d3, f32x4.mul(a2, d1)));
  v128.store(to + 3 * step, f32x4.add(evenB, oddB));
  v128.store(to + 4 * step, f32x4.sub(evenB, oddB));
  const product = f32x4.splat(A2 * B2);
  const sum = f32x4.splat(A2 + B2);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(product, d0), f32x4.mul(sum, d2)), d4));
  v128.store(to + 5 * step, f32x4.add(f32x4.sub(f32x4.mul(product, d1), f32x4.mul(sum, d3)), d5));
}

// Four values from those at six points, m0 … m5, by what is even and odd in each pair: m1 ± m2, m3 ± m4.

// @ts-ignore: decorator
@inline
function first(m0: v128, evenA: v128, evenB: v128): v128 {
  return f32x4.add(m0, f32x4.add(evenA, evenB));
}

// @ts-ignore: decorator
@inline
function second(oddA: v128, oddB: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.splat(A), oddA), f32x4.mul(f32x4.splat(B), oddB));
}

// @ts-ignore: decorator
@inline
function third(evenA: v128, evenB: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.splat(A2), evenA), f32x4.mul(f32x4.splat(B2), evenB));
}

// @ts-ignore: decorator
@inline
function fourth(m5: v128, oddA: v128, oddB: v128): v128 {
  return f32x4.add(m5, f32x4.add(f32x4.mul(f32x4.splat(A3), oddA), f32x4.mul(f32x4.splat(B3), oddB)));
}

/** Cells of every plane to their points, `group` vectors of four: in panels, a row for each plane at each point. */
export function toCells(job: usize, entries: usize, group: usize, padded: usize, panels: usize, temporary: usize): void {
  const planes = word(job, PLANES_IN);
  const point = pointBytes(planes);
  const plane = planeBytes(job);
  const stride = word(job, STRIDE) << 2;
  // All vectors of a plane before the next: so lines of the panels are written whole.
  for (let v: usize = 0, entry = entries; v < group; v++, entry += ENTRY) {
    let panel = panels + panelOf(v, planes);
    let p0 = padded + load<u32>(entry);
    let p1 = padded + load<u32>(entry, 4);
    let p2 = padded + load<u32>(entry, 8);
    let p3 = padded + load<u32>(entry, 12);
    for (const end = panel + (planes << 5); panel < end; panel += 32) {
      cellsToPoints(p0, p1, p2, p3, stride, panel, point, temporary);
      p0 += plane;
      p1 += plane;
      p2 += plane;
      p3 += plane;
    }
  }
}

/** Four cells of a plane, rows first. */
// @ts-ignore: decorator
@inline
function cellsToPoints(
  p0: usize, p1: usize, p2: usize, p3: usize, stride: usize, panel: usize, point: usize, temporary: usize,
): void {
  for (let to = temporary; to < temporary + 6 * 96; to += 96, p0 += stride, p1 += stride, p2 += stride, p3 += stride) {
    const x0 = v128.load(p0);
    const x1 = v128.load(p1);
    const x2 = v128.load(p2);
    const x3 = v128.load(p3);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    const last01 = v128.shuffle<f32>(v128.load64_zero(p0, 16), v128.load64_zero(p1, 16), 0, 4, 1, 5);
    const last23 = v128.shuffle<f32>(v128.load64_zero(p2, 16), v128.load64_zero(p3, 16), 0, 4, 1, 5);
    toPoints(
      v128.shuffle<f64>(low01, low23, 0, 2), v128.shuffle<f64>(low01, low23, 1, 3),
      v128.shuffle<f64>(high01, high23, 0, 2), v128.shuffle<f64>(high01, high23, 1, 3),
      v128.shuffle<f64>(last01, last23, 0, 2), v128.shuffle<f64>(last01, last23, 1, 3),
      to, 16,
    );
  }
  for (let from = temporary; from < temporary + 96; from += 16, panel += point) {
    toPoints(
      v128.load(from), v128.load(from, 96), v128.load(from, 192),
      v128.load(from, 288), v128.load(from, 384), v128.load(from, 480),
      panel, 6 * point,
    );
  }
}

/** `count` cells of every plane from their points, of a band whose first row is `top`. */
export function fromCells(
  job: usize, entries: usize, count: i32, results: usize, y: usize, top: usize, temporary: usize,
): void {
  const planes = word(job, PLANES_OUT);
  const point = pointBytes(planes);
  const order = word(job, ORDER);
  const pooled = word(job, POOLS);
  const height = word(job, HEIGHT);
  const width = (word(job, WIDTH) << 2) >> pooled;
  const plane = (height >> pooled) * width;
  const bias = word(job, BIAS);
  const clips = bias != 0;
  const isWhole = ((height | word(job, WIDTH)) & 3) == 0;
  let left = count;
  for (let v: usize = 0, entry = entries; left > 0; v++, entry += ENTRY, left -= 4) {
    let from = results + panelOf(v, planes);
    let to = y;
    for (let p: usize = 0; p < planes; p++, from += 32, to += plane) {
      // Never −0, so that no sum is: ReLU would leave it.
      const b = clips ? f32x4.add(v128.load_splat<f32>(bias + ((p / order) << 2)), f32x4.splat(0)) : f32x4.splat(0);
      columnsFromPoints(from, point, temporary);
      if (pooled) putLargest(entry, temporary, b, clips, to, width, left, height - top);
      else if (isWhole && left > 3) putWhole(entry, temporary, b, clips, to, width);
      else putValues(entry, temporary, b, clips, to, width, left, height - top);
    }
  }
}

/** Four cells of a plane, columns first: [point of a row][row of the cell]. */
// @ts-ignore: decorator
@inline
function columnsFromPoints(from: usize, point: usize, temporary: usize): void {
  for (let to = temporary; to < temporary + 6 * 64; to += 64, from += point) {
    const m1 = v128.load(from + 6 * point);
    const m2 = v128.load(from + 12 * point);
    const m3 = v128.load(from + 18 * point);
    const m4 = v128.load(from + 24 * point);
    const evenA = f32x4.add(m1, m2);
    const oddA = f32x4.sub(m1, m2);
    const evenB = f32x4.add(m3, m4);
    const oddB = f32x4.sub(m3, m4);
    v128.store(to, first(v128.load(from), evenA, evenB));
    v128.store(to, second(oddA, oddB), 16);
    v128.store(to, third(evenA, evenB), 32);
    v128.store(to, fourth(v128.load(from + 30 * point), oddA, oddB), 48);
  }
}

/** With bias and ReLU, where the layer has them. */
// @ts-ignore: decorator
@inline
function finished(value: v128, bias: v128, clips: bool): v128 {
  const sum = f32x4.add(value, bias);
  return clips ? relu(sum) : sum;
}

/** Four cells that the map has whole. */
// @ts-ignore: decorator
@inline
function putWhole(entry: usize, row: usize, bias: v128, clips: bool, y: usize, width: usize): void {
  let y0 = y + load<u32>(entry, WRITTEN);
  let y1 = y + load<u32>(entry, WRITTEN + 4);
  let y2 = y + load<u32>(entry, WRITTEN + 8);
  let y3 = y + load<u32>(entry, WRITTEN + 12);
  for (const end = row + 64; row < end; row += 16, y0 += width, y1 += width, y2 += width, y3 += width) {
    const m1 = v128.load(row, 64);
    const m2 = v128.load(row, 128);
    const m3 = v128.load(row, 192);
    const m4 = v128.load(row, 256);
    const evenA = f32x4.add(m1, m2);
    const oddA = f32x4.sub(m1, m2);
    const evenB = f32x4.add(m3, m4);
    const oddB = f32x4.sub(m3, m4);
    const v0 = finished(first(v128.load(row), evenA, evenB), bias, clips);
    const v1 = finished(second(oddA, oddB), bias, clips);
    const v2 = finished(third(evenA, evenB), bias, clips);
    const v3 = finished(fourth(v128.load(row, 320), oddA, oddB), bias, clips);
    const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
    v128.store(y0, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(y1, v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store(y2, v128.shuffle<f64>(high01, high23, 0, 2));
    v128.store(y3, v128.shuffle<f64>(high01, high23, 1, 3));
  }
}

/** The largest of 2×2 pixels, of `count` cells. `rows`: of the map below the band's top. */
// @ts-ignore: decorator
@inline
function putLargest(
  entry: usize, row: usize, bias: v128, clips: bool, y: usize, width: usize, count: i32, rows: usize,
): void {
  for (let r: usize = 0; r < 4; r += 2, row += 32, y += width) {
    let left = f32x4.splat(-Infinity);
    let right = left;
    for (let at = row; at < row + 32; at += 16) {
      const m1 = v128.load(at, 64);
      const m2 = v128.load(at, 128);
      const m3 = v128.load(at, 192);
      const m4 = v128.load(at, 256);
      const evenA = f32x4.add(m1, m2);
      const oddA = f32x4.sub(m1, m2);
      const evenB = f32x4.add(m3, m4);
      const oddB = f32x4.sub(m3, m4);
      left = larger(larger(left, first(v128.load(at), evenA, evenB)), second(oddA, oddB));
      right = larger(larger(right, third(evenA, evenB)), fourth(v128.load(at, 320), oddA, oddB));
    }
    left = finished(left, bias, clips);
    right = finished(right, bias, clips);
    const both01 = v128.shuffle<f32>(left, right, 0, 4, 1, 5);
    const both23 = v128.shuffle<f32>(left, right, 2, 6, 3, 7);
    putPair(entry, y, both01, r, rows);
    if (count > 1) putPair(entry + 4, y, v128.shuffle<f64>(both01, both01, 1, 1), r, rows);
    if (count > 2) putPair(entry + 8, y, both23, r, rows);
    if (count > 3) putPair(entry + 12, y, v128.shuffle<f64>(both23, both23, 1, 1), r, rows);
  }
}

// @ts-ignore: decorator
@inline
function putPair(cell: usize, y: usize, value: v128, r: usize, rows: usize): void {
  if (load<u32>(cell, ROWS) + r >= rows) return;
  const to = y + load<u32>(cell, WRITTEN);
  if (load<u32>(cell, COLUMNS) > 2) v128.store_lane<u64>(to, value, 0);
  else v128.store_lane<f32>(to, value, 0);
}

/** `count` cells, as far as the map has them. */
function putValues(
  entry: usize, row: usize, bias: v128, clips: bool, y: usize, width: usize, count: i32, rows: usize,
): void {
  // Whole cells side by side, behind what they are made of; then what counts of them.
  const values = row + 6 * 64;
  const sideBySide = values + 4 * 64;
  for (let cell: usize = 0; cell < 4; cell++) store<u32>(sideBySide + (cell << 2), <u32>(cell << 4), WRITTEN);
  putWhole(sideBySide, row, bias, clips, values, 64);
  for (let left = count, from = values; left > 0 && from < values + 64; left--, from += 16, entry += 4) {
    let to = y + load<u32>(entry, WRITTEN);
    for (let r: usize = 0; r < 4 && load<u32>(entry, ROWS) + r < rows; r++, to += width)
      put(to, v128.load(from + (r << 6)), load<i32>(entry, COLUMNS));
  }
}
