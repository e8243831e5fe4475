/**
 * Depthwise convolution, channels last: each channel has its own k×k filter. k is odd, padding p = (k−1)/2, stride s is 1
 * or 2.
 *
 *   value   Y[y, x, c]  = Σ_ij X[s·y+i−p, s·x+j−p, c] · W[i, j, c], maybe + bias, and cut off
 *   input   dX[y, x, c] = Σ_ij dY[(y+p−i)/s, (x+p−j)/s, c] · W[i, j, c], over those i, j where these are whole
 *   filter  dW[i, j, c] = Σ_nyx X[n, s·y+i−p, s·x+j−p, c] · dY[n, y, x, c]
 *
 * What lies outside a map is left out of the sums, so nothing is padded. Lanes are channels: sixteen at a time, a cache
 * line, then four, then what is left.
 *
 * The filter gradient is summed in float32 over a band of rows, bands in float64. Tiles are summed in a fixed number of
 * chunks, each in order, and the chunks in order: the same bits with any number of threads.
 */
import { word } from './convolve';
import { firstTwo, lastTwo, put } from './lanes';

// The words of a job.
export const X = 0; // [tiles][H][W][C], or for the input gradient, that of it
export const Y = 1; // [tiles][⌈H/s⌉][⌈W/s⌉][C], or for the gradients, that of it
export const WEIGHTS = 2; // [k][k][C], or for the filter gradient, that of it
export const BIAS = 3; // [C], or 0
export const TILES = 4;
export const HEIGHT = 5; // of X
export const WIDTH = 6; // of X
export const CHANNELS = 7;
export const KERNEL = 8;
export const STRIDE = 9;
export const LOW = 10; // float32: where the value is cut off
export const HIGH = 11;
export const CHUNKS = 12; // filter gradient
export const SUMS = 13; // filter gradient: [chunks][k][k][C] float64, room for the sums of every chunk

/** Positions of a band of the filter gradient, about. */
const BAND: i32 = 32;

/** A length after the stride. */
// @ts-ignore: decorator
@inline
function strided(job: usize, index: i32): i32 {
  const stride = <i32>word(job, STRIDE);
  return (<i32>word(job, index) + stride - 1) / stride;
}

/** One tile of Y. */
export function depthwiseTile(job: usize, tile: i32): void {
  const height = <i32>word(job, HEIGHT);
  const width = <i32>word(job, WIDTH);
  const k = <i32>word(job, KERNEL);
  const stride = <i32>word(job, STRIDE);
  const rows = strided(job, HEIGHT);
  const columns = strided(job, WIDTH);
  const pixel = <i32>word(job, CHANNELS) << 2;
  const line = width * pixel;
  const x = word(job, X) + tile * height * line;
  let to = word(job, Y) + tile * rows * columns * pixel;
  for (let r = 0; r < rows; r++) {
    const top = r * stride - (k >> 1);
    const i = max(0, -top);
    const high = min(k, height - top) - i;
    for (let c = 0; c < columns; c++, to += pixel) {
      const left = c * stride - (k >> 1);
      const j = max(0, -left);
      const wide = min(k, width - left) - j;
      const w = word(job, WEIGHTS) + (i * k + j) * pixel;
      sumTaps(job, x + (top + i) * line + (left + j) * pixel, line, pixel, w, k * pixel, pixel, high, wide, to);
    }
  }
}

/** One tile of the gradient of X. There a filter's rows and columns go backwards over Y, only every s-th meeting it. */
export function depthwiseInputGradientTile(job: usize, tile: i32): void {
  const height = <i32>word(job, HEIGHT);
  const width = <i32>word(job, WIDTH);
  const k = <i32>word(job, KERNEL);
  const stride = <i32>word(job, STRIDE);
  const halving = stride >> 1;
  const rows = strided(job, HEIGHT);
  const columns = strided(job, WIDTH);
  const pixel = <i32>word(job, CHANNELS) << 2;
  const line = columns * pixel;
  const dy = word(job, Y) + tile * rows * line;
  let to = word(job, X) + tile * height * width * pixel;
  for (let r = 0; r < height; r++) {
    const bottom = r + (k >> 1);
    const i = max(bottom & (stride - 1), bottom - (rows - 1) * stride);
    const high = (min(k, bottom + 1) - i + stride - 1) >> halving;
    const y = dy + ((bottom - i) >> halving) * line;
    for (let c = 0; c < width; c++, to += pixel) {
      const right = c + (k >> 1);
      const j = max(right & (stride - 1), right - (columns - 1) * stride);
      const wide = (min(k, right + 1) - j + stride - 1) >> halving;
      const w = word(job, WEIGHTS) + (i * k + j) * pixel;
      const at = y + ((right - j) >> halving) * pixel;
      sumTaps(job, at, -line, -pixel, w, stride * k * pixel, stride * pixel, high, wide, to);
    }
  }
}

/**
 * All channels of one pixel: Σ over `high` × `wide` taps of x·w, maybe + bias, cut off. A tap is `down` or `across` bytes
 * from the one before, its weights `downW` or `acrossW`.
 */
function sumTaps(
  job: usize, x: usize, down: usize, across: usize, w: usize, downW: usize, acrossW: usize, high: i32, wide: i32, to: usize,
): void {
  const low = v128.load_splat<f32>(job + (LOW << 2));
  const top = v128.load_splat<f32>(job + (HIGH << 2));
  let bias = word(job, BIAS);
  let left = <i32>word(job, CHANNELS);
  for (; left >= 16; left -= 16, x += 64, w += 64, to += 64) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    if (bias != 0) {
      sum0 = v128.load(bias);
      sum1 = v128.load(bias, 16);
      sum2 = v128.load(bias, 32);
      sum3 = v128.load(bias, 48);
      bias += 64;
    }
    let rowX = x;
    let rowW = w;
    for (let i = 0; i < high; i++, rowX += down, rowW += downW) {
      let a = rowX;
      let b = rowW;
      for (let j = 0; j < wide; j++, a += across, b += acrossW) {
        sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a), v128.load(b)));
        sum1 = f32x4.add(sum1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
        sum2 = f32x4.add(sum2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
        sum3 = f32x4.add(sum3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
      }
    }
    v128.store(to, cut(sum0, low, top));
    v128.store(to, cut(sum1, low, top), 16);
    v128.store(to, cut(sum2, low, top), 32);
    v128.store(to, cut(sum3, low, top), 48);
  }
  for (; left > 0; left -= 4, x += 16, w += 16, to += 16) {
    let sum = f32x4.splat(0);
    if (bias != 0) {
      sum = v128.load(bias);
      bias += 16;
    }
    let rowX = x;
    let rowW = w;
    for (let i = 0; i < high; i++, rowX += down, rowW += downW) {
      let a = rowX;
      let b = rowW;
      for (let j = 0; j < wide; j++, a += across, b += acrossW)
        sum = f32x4.add(sum, f32x4.mul(v128.load(a), v128.load(b)));
    }
    put(to, cut(sum, low, top), min(left, 4));
  }
}

/** Between the bounds. What is not a number stays so. */
// @ts-ignore: decorator
@inline
function cut(value: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(value, low), high);
}

/** Filter gradient, first: the sums over a chunk of tiles. */
export function sumDepthwiseFilterGradient(job: usize, chunk: i32): void {
  const tiles = <i32>word(job, TILES);
  const chunks = <i32>word(job, CHUNKS);
  const rows = strided(job, HEIGHT);
  const band = max(1, BAND / strided(job, WIDTH));
  const sums = word(job, SUMS) + chunk * sumBytes(job);
  memory.fill(sums, 0, sumBytes(job));
  const last = (tiles * (chunk + 1)) / chunks;
  for (let tile = (tiles * chunk) / chunks; tile < last; tile++)
    for (let r = 0; r < rows; r += band) addBand(job, tile, r, min(r + band, rows), sums);
}

/** Bytes of a chunk's sums. */
// @ts-ignore: decorator
@inline
function sumBytes(job: usize): i32 {
  const k = <i32>word(job, KERNEL);
  return (k * k * <i32>word(job, CHANNELS)) << 3;
}

/** Adds the products of rows `first` to `last` of a tile of Y, for each tap those with a place in X. */
function addBand(job: usize, tile: i32, first: i32, last: i32, sums: usize): void {
  const height = <i32>word(job, HEIGHT);
  const width = <i32>word(job, WIDTH);
  const channels = <i32>word(job, CHANNELS);
  const k = <i32>word(job, KERNEL);
  const stride = <i32>word(job, STRIDE);
  const halving = stride >> 1;
  const columns = strided(job, WIDTH);
  const pixel = channels << 2;
  const line = width * pixel;
  const lineOut = columns * pixel;
  const x = word(job, X) + tile * height * line;
  const dy = word(job, Y) + tile * strided(job, HEIGHT) * lineOut;
  for (let i = 0; i < k; i++) {
    const up = (k >> 1) - i;
    const top = max(first, (up + stride - 1) >> halving);
    const high = min(last, ((height - 1 + up) >> halving) + 1) - top;
    for (let j = 0; j < k; j++, sums += channels << 3) {
      const back = (k >> 1) - j;
      const left = max(0, (back + stride - 1) >> halving);
      const wide = min(columns, ((width - 1 + back) >> halving) + 1) - left;
      if (high <= 0 || wide <= 0) continue;
      const a = x + (top * stride - up) * line + (left * stride - back) * pixel;
      const b = dy + top * lineOut + left * pixel;
      addProducts(a, stride * line, stride * pixel, b, lineOut, pixel, high, wide, channels, sums);
    }
  }
}

/** Adds Σ a·b over `high` × `wide` pixels to the float64 of every channel. */
function addProducts(
  a: usize, downA: usize, acrossA: usize, b: usize, downB: usize, acrossB: usize, high: i32, wide: i32, channels: i32,
  sums: usize,
): void {
  let left = channels;
  for (; left >= 16; left -= 16, a += 64, b += 64, sums += 128) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let rowA = a;
    let rowB = b;
    for (let r = 0; r < high; r++, rowA += downA, rowB += downB) {
      let x = rowA;
      let dy = rowB;
      for (let c = 0; c < wide; c++, x += acrossA, dy += acrossB) {
        sum0 = f32x4.add(sum0, f32x4.mul(v128.load(x), v128.load(dy)));
        sum1 = f32x4.add(sum1, f32x4.mul(v128.load(x, 16), v128.load(dy, 16)));
        sum2 = f32x4.add(sum2, f32x4.mul(v128.load(x, 32), v128.load(dy, 32)));
        sum3 = f32x4.add(sum3, f32x4.mul(v128.load(x, 48), v128.load(dy, 48)));
      }
    }
    addSums(sums, sum0, 4);
    addSums(sums + 32, sum1, 4);
    addSums(sums + 64, sum2, 4);
    addSums(sums + 96, sum3, 4);
  }
  for (; left > 0; left -= 4, a += 16, b += 16, sums += 32) {
    let sum = f32x4.splat(0);
    let rowA = a;
    let rowB = b;
    for (let r = 0; r < high; r++, rowA += downA, rowB += downB) {
      let x = rowA;
      let dy = rowB;
      for (let c = 0; c < wide; c++, x += acrossA, dy += acrossB)
        sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load(dy)));
    }
    addSums(sums, sum, min(left, 4));
  }
}

/** Adds the lanes that count to as many float64. */
// @ts-ignore: decorator
@inline
function addSums(at: usize, value: v128, lanes: i32): void {
  const first = firstTwo(value);
  const last = lastTwo(value);
  if (lanes == 4) {
    v128.store(at, f64x2.add(v128.load(at), first));
    v128.store(at, f64x2.add(v128.load(at, 16), last), 16);
    return;
  }
  f64.store(at, f64.load(at) + f64x2.extract_lane(first, 0));
  if (lanes > 1) f64.store(at, f64.load(at, 8) + f64x2.extract_lane(first, 1), 8);
  if (lanes > 2) f64.store(at, f64.load(at, 16) + f64x2.extract_lane(last, 0), 16);
}

/** Filter gradient, second: the chunks' sums, added in order. */
export function finishDepthwiseFilterGradient(job: usize): void {
  const chunks = <i32>word(job, CHUNKS);
  const bytes = sumBytes(job);
  for (let at: i32 = 0; at < bytes; at += 8) {
    let sum: f64 = 0;
    for (let c = 0; c < chunks; c++) sum += f64.load(word(job, SUMS) + c * bytes + at);
    f32.store(word(job, WEIGHTS) + (at >> 1), <f32>sum);
  }
}
