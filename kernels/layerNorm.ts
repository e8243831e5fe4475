/**
 * Layer norm of rows (the mathematics: src/lab/nn/ops/tokens/layerNorm.ts). What is summed over rows is summed in float64 in a
 * fixed number of chunks, each in order, and the chunks in order: the same bits with any number of threads.
 */
import { word } from './convolve';
import { firstTwo, lastTwo } from './lanes';

// The words of a job.
export const X = 0; // [rows][width]
export const SCALE = 1;
export const SHIFT = 2;
export const Y = 3;
export const ROWS = 4;
export const WIDTH = 5;
export const CHUNKS = 6;
export const DY = 7;
export const DX = 8;
export const SUMS = 9; // [chunks][2][width] float64: Σ dy·x̂, Σ dy
export const D_SCALE = 10;
export const D_SHIFT = 11;

const EPSILON: f64 = 1e-6;

/** The first row of a chunk. */
// @ts-ignore: decorator
@inline
function firstRow(job: usize, chunk: usize): usize {
  return (word(job, ROWS) * chunk) / word(job, CHUNKS);
}

let mean: f64 = 0;
let factor: f64 = 0;

/** The mean of a row, and what it is multiplied with. */
function findMoments(x: usize, width: usize): void {
  const bytes = width << 2;
  let sums = f64x2.splat(0);
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    const v = v128.load(x + j);
    sums = f64x2.add(sums, f64x2.add(firstTwo(v), lastTwo(v)));
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (let k = j; k < bytes; k += 4) sum += <f64>load<f32>(x + k);
  mean = sum / <f64>width;
  const middle = f64x2.splat(mean);
  let squares = f64x2.splat(0);
  for (j = 0; j + 16 <= bytes; j += 16) {
    const v = v128.load(x + j);
    const a = f64x2.sub(firstTwo(v), middle);
    const b = f64x2.sub(lastTwo(v), middle);
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
  }
  let square = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
  for (let k = j; k < bytes; k += 4) {
    const apart = <f64>load<f32>(x + k) - mean;
    square += apart * apart;
  }
  factor = 1 / Math.sqrt(square / <f64>width + EPSILON);
}

export function layerNormChunk(job: usize, chunk: usize): void {
  const width = word(job, WIDTH);
  const bytes = width << 2;
  const scale = word(job, SCALE);
  const shift = word(job, SHIFT);
  for (let row = firstRow(job, chunk); row < firstRow(job, chunk + 1); row++) {
    const x = word(job, X) + row * bytes;
    const y = word(job, Y) + row * bytes;
    findMoments(x, width);
    const middle = <f32>mean;
    const size = <f32>factor;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const centred = f32x4.mul(f32x4.sub(v128.load(x + j), f32x4.splat(middle)), f32x4.splat(size));
      v128.store(y + j, f32x4.add(f32x4.mul(centred, v128.load(scale + j)), v128.load(shift + j)));
    }
    for (; j < bytes; j += 4) {
      const centred = (load<f32>(x + j) - middle) * size;
      store<f32>(y + j, centred * load<f32>(scale + j) + load<f32>(shift + j));
    }
  }
}

export function layerNormGradientChunk(job: usize, chunk: usize): void {
  const width = word(job, WIDTH);
  const bytes = width << 2;
  const scale = word(job, SCALE);
  const scales = word(job, SUMS) + ((chunk * 2 * width) << 3);
  const shifts = scales + (width << 3);
  memory.fill(scales, 0, width << 4);
  for (let row = firstRow(job, chunk); row < firstRow(job, chunk + 1); row++) {
    const x = word(job, X) + row * bytes;
    const dy = word(job, DY) + row * bytes;
    const dx = word(job, DX) + row * bytes;
    findMoments(x, width);
    const middle = <f32>mean;
    const size = <f32>factor;
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let j: usize = 0; j < bytes; j += 4) {
      const centred = (load<f32>(x + j) - middle) * size;
      const slope = load<f32>(dy + j);
      const d = slope * load<f32>(scale + j);
      sum += <f64>d;
      product += <f64>(d * centred);
      const at = j << 1;
      store<f64>(scales + at, load<f64>(scales + at) + <f64>(slope * centred));
      store<f64>(shifts + at, load<f64>(shifts + at) + <f64>slope);
    }
    const common = <f32>(sum / <f64>width);
    const pull = <f32>(product / <f64>width);
    for (let j: usize = 0; j < bytes; j += 4) {
      const centred = (load<f32>(x + j) - middle) * size;
      store<f32>(dx + j, size * (load<f32>(dy + j) * load<f32>(scale + j) - common - centred * pull));
    }
  }
}

export function finishLayerNormGradient(job: usize): void {
  const width = word(job, WIDTH);
  const sums = word(job, SUMS);
  for (let c: usize = 0; c < width; c++) {
    let scale: f64 = 0;
    let shift: f64 = 0;
    for (let chunk: usize = 0; chunk < word(job, CHUNKS); chunk++) {
      const at = sums + ((chunk * 2 * width + c) << 3);
      scale += load<f64>(at);
      shift += load<f64>(at + (width << 3));
    }
    store<f32>(word(job, D_SCALE) + (c << 2), <f32>scale);
    store<f32>(word(job, D_SHIFT) + (c << 2), <f32>shift);
  }
}
