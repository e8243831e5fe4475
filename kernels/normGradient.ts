/**
 * Gradient of field batch norm → ReLU, maybe → 2×2 max-pool, in three steps: sums over a fixed number of chunks of tiles,
 * in float64; what they say for every field; then the gradient of x, tile by tile.
 *
 * dz, the gradient at z = a·x + b, is dy where z > 0; with pooling, that of a cell goes to its elements with the largest z,
 * in equal parts, if that is > 0. It is found twice rather than stored: all this waits for memory. With m values per field
 * and Σ dz·x̂ = (Σ dz·x − mean·Σ dz)/√(var+ε):
 *
 *   dx = a·dz − (k₁ + k₂·x)    with k₂ = a·(Σ dz·x̂)/(m·√(var+ε)), k₁ = a·(Σ dz)/m − k₂·mean.
 */
import { word } from './convolve';
import { addTo, counted, firstTwo, lastTwo, put } from './lanes';
import {
  chunkSum, D_SCALE, D_SHIFT, DX, DY, fieldBytes, FIELDS, firstTile, inverseDeviation, MEAN, ofField, offset, outputBytes,
  POOL, PULL, signed, signOf, slope, sumsOf, valuesOfField, WIDTH, X,
} from './norm';
import { largestInCells, winnersOfCells, negativeShare, toCells } from './pooling';

/** First: Σ dz and Σ dz·x of every field over a chunk of tiles. */
export function sumNormGradient(job: usize, chunk: usize): void {
  const fields = word(job, FIELDS);
  const bytes = fieldBytes(job);
  const bytesOut = outputBytes(job);
  const row = word(job, WIDTH) << 2;
  memory.fill(sumsOf(job, chunk), 0, fields << 4);
  let x = word(job, X) + firstTile(job, chunk) * fields * bytes;
  let dy = word(job, DY) + firstTile(job, chunk) * fields * bytesOut;
  for (let left = firstTile(job, chunk + 1) - firstTile(job, chunk); left > 0; left--) {
    let sums = sumsOf(job, chunk);
    for (let f: usize = 0; f < fields; f++, sums += 16, x += bytes, dy += bytesOut) {
      const exact = slope(job, f);
      const a = <f32>exact;
      const b = <f32>offset(job, f, exact);
      if (word(job, POOL) != 0) addPooled(x, x + bytes, row, dy, sums, a, b);
      else addPlain(x, x + bytes, dy, sums, a, b);
    }
  }
}

function addPlain(x: usize, end: usize, dy: usize, sums: usize, a: f32, b: f32): void {
  const slope = f32x4.splat(a);
  const minusB = f32x4.splat(-b);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let product0 = sum0;
  let product1 = sum0;
  for (; x + 16 <= end; x += 16, dy += 16) {
    const value = v128.load(x);
    const dz = v128.and(v128.load(dy), f32x4.gt(f32x4.mul(slope, value), minusB));
    const dz0 = firstTwo(dz);
    const dz1 = lastTwo(dz);
    sum0 = f64x2.add(sum0, dz0);
    sum1 = f64x2.add(sum1, dz1);
    product0 = f64x2.add(product0, f64x2.mul(dz0, firstTwo(value)));
    product1 = f64x2.add(product1, f64x2.mul(dz1, lastTwo(value)));
  }
  for (; x < end; x += 4, dy += 4) {
    const value = v128.load_zero<u32>(x);
    const dz = firstTwo(v128.and(v128.load_zero<u32>(dy), f32x4.gt(f32x4.mul(slope, value), minusB)));
    sum0 = f64x2.add(sum0, dz);
    product0 = f64x2.add(product0, f64x2.mul(dz, firstTwo(value)));
  }
  addTo(sums, f64x2.add(sum0, sum1));
  addTo(sums + 8, f64x2.add(product0, product1));
}

function addPooled(x: usize, end: usize, row: usize, dy: usize, sums: usize, a: f32, b: f32): void {
  const sign = signOf(a);
  const size = f32x4.splat(abs<f32>(a));
  const minusB = f32x4.splat(-b);
  let sum = f64x2.splat(0);
  let product = sum;
  for (; x < end; x += row) {
    const bottom = x + row;
    for (; x + 16 <= bottom; x += 16, dy += 8) {
      const winner = winnersOfCells(signed(x, sign), signed(x + row, sign));
      const dz = firstTwo(v128.and(v128.load_zero<u64>(dy), f32x4.gt(f32x4.mul(size, winner), minusB)));
      sum = f64x2.add(sum, dz);
      product = f64x2.add(product, f64x2.mul(dz, firstTwo(winner)));
    }
    if (x == bottom) continue;
    const winner = v128.and(winnersOfCells(signed(x, sign), signed(x + row, sign)), counted(1));
    const dz = firstTwo(v128.and(v128.load_zero<u32>(dy), f32x4.gt(f32x4.mul(size, winner), minusB)));
    sum = f64x2.add(sum, dz);
    product = f64x2.add(product, f64x2.mul(dz, firstTwo(winner)));
    x += 8;
    dy += 4;
  }
  addTo(sums, sum);
  addTo(sums + 8, a < 0 ? f64x2.neg(product) : product);
}

/** Second: the gradients of scale and shift, and every field's k₁ and k₂. */
export function finishNormGradient(job: usize): void {
  const count = valuesOfField(job);
  for (let f: usize = 0; f < word(job, FIELDS); f++) {
    const sum = chunkSum(job, f, 0);
    const mean = ofField(job, MEAN, f);
    const inverse = inverseDeviation(job, f);
    const projected = (chunkSum(job, f, 1) - mean * sum) * inverse;
    const a = slope(job, f);
    const k2 = (a * inverse * projected) / count;
    f32.store(word(job, D_SHIFT) + (f << 2), <f32>sum);
    f32.store(word(job, D_SCALE) + (f << 2), <f32>projected);
    f32.store(word(job, PULL) + (f << 3), <f32>((a * sum) / count - k2 * mean));
    f32.store(word(job, PULL) + (f << 3), <f32>k2, 4);
  }
}

/** Third: one tile of dx. */
export function normGradientTile(job: usize, tile: usize): void {
  const fields = word(job, FIELDS);
  const bytes = fieldBytes(job);
  const bytesOut = outputBytes(job);
  const row = word(job, WIDTH) << 2;
  let x = word(job, X) + tile * fields * bytes;
  let dx = word(job, DX) + tile * fields * bytes;
  let dy = word(job, DY) + tile * fields * bytesOut;
  for (let f: usize = 0; f < fields; f++, x += bytes, dx += bytes, dy += bytesOut) {
    const exact = slope(job, f);
    const a = <f32>exact;
    const b = <f32>offset(job, f, exact);
    const pull = word(job, PULL) + (f << 3);
    if (word(job, POOL) != 0) writePooled(x, x + bytes, row, dy, dx, a, b, pull);
    else writePlain(x, x + bytes, dy, dx, a, b, pull);
  }
}

function writePlain(x: usize, end: usize, dy: usize, dx: usize, a: f32, b: f32, pull: usize): void {
  const slope = f32x4.splat(a);
  const minusB = f32x4.splat(-b);
  const k1 = v128.load_splat<f32>(pull);
  const k2 = v128.load_splat<f32>(pull, 4);
  for (; x + 16 <= end; x += 16, dy += 16, dx += 16)
    v128.store(dx, gradientOf(v128.load(x), v128.load(dy), slope, minusB, k1, k2));
  if (x < end) put(dx, gradientOf(v128.load(x), v128.load(dy), slope, minusB, k1, k2), <i32>((end - x) >> 2));
}

// @ts-ignore: decorator
@inline
function gradientOf(x: v128, dy: v128, slope: v128, minusB: v128, k1: v128, k2: v128): v128 {
  const dz = v128.and(dy, f32x4.gt(f32x4.mul(slope, x), minusB));
  return f32x4.sub(f32x4.mul(slope, dz), f32x4.add(k1, f32x4.mul(k2, x)));
}

function writePooled(x: usize, end: usize, row: usize, dy: usize, dx: usize, a: f32, b: f32, pull: usize): void {
  const sign = signOf(a);
  const slope = f32x4.splat(a);
  const size = f32x4.splat(abs<f32>(a));
  const minusB = f32x4.splat(-b);
  const k1 = f32x4.neg(v128.load_splat<f32>(pull));
  const k2 = f32x4.neg(v128.xor(v128.load_splat<f32>(pull, 4), sign));
  for (; x < end; x += row, dx += row) {
    const bottom = x + row;
    for (; x + 16 <= bottom; x += 16, dx += 16, dy += 8) writePair(x, row, dy, dx, sign, slope, size, minusB, k1, k2, 4);
    if (x == bottom) continue;
    writePair(x, row, dy, dx, sign, slope, size, minusB, k1, k2, 2);
    x += 8;
    dx += 8;
    dy += 4;
  }
}

/** Two cells, or one (two lanes). k₁ and k₂ are negative here, as the share is, and k₂ is that of s·x. */
// @ts-ignore: decorator
@inline
function writePair(
  x: usize, row: usize, dy: usize, dx: usize,
  sign: v128, slope: v128, size: v128, minusB: v128, k1: v128, k2: v128, lanes: i32,
): void {
  const top = signed(x, sign);
  const bottom = signed(x + row, sign);
  const winner = largestInCells(top, bottom);
  const isTop = f32x4.eq(top, winner);
  const isBottom = f32x4.eq(bottom, winner);
  const dz = v128.and(toCells(v128.load(dy)), f32x4.gt(f32x4.mul(size, winner), minusB));
  const share = negativeShare(f32x4.mul(slope, dz), isTop, isBottom);
  put(dx, f32x4.sub(f32x4.add(k1, f32x4.mul(k2, top)), v128.and(share, isTop)), lanes);
  put(dx + row, f32x4.sub(f32x4.add(k1, f32x4.mul(k2, bottom)), v128.and(share, isBottom)), lanes);
}
