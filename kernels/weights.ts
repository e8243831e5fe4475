/**
 * Weights to and from their transforms. The products read, for each pair of rows, a fixed combination of the n weights
 * w[k] that an orbit of positions has: entries = E·w. E is made by src/lab/nn/ops/groupConvolution/fourier.ts.
 */
import { tileRows } from './product';
import { word } from './convolve';

// The words of a job.
const WEIGHT = 0; // the stored weights, or room for their gradient
const PACKED = 1; // what the products read; for the gradient, the sums of every chunk
const MATRIX = 2; // E: [entries][n]
const TABLE = 3; // [positions][n]: index of the weight's position and slice, in floats
const ORDER = 4;
const COUNTS = 5; // [blocks]: how many positions, from the first, count in a block of the products
const FIELDS_IN = 6;
const FIELDS_OUT = 7;
const STEP_IN = 8; // floats between two input fields' weights
const STEP_OUT = 9; // floats between two output fields' weights
const COPIES = 10; // how often an input field occurs, each with its own column of the table: else 1
const FACTORS = 11; // [positions]: what the weights of a position are multiplied by
const CHUNKS = 12;
const CHUNK_BYTES = 13;

/** How many rows (and columns) a field has in block `b` of the products. */
// @ts-ignore: decorator
@inline
function sizeOf(order: usize, b: usize): usize {
  return (order == 4 && b == 2) || (order == 8 && b == 4) ? 2 : 1;
}

// @ts-ignore: decorator
@inline
function blocksOf(order: usize): usize {
  return order == 1 ? 1 : order == 2 ? 2 : order == 4 ? 3 : 5;
}

/** Stored weights → the tiles of rows that `product8` reads. */
export function packWeights(job: usize): void {
  const order = word(job, ORDER);
  const fieldsIn = word(job, FIELDS_IN) * word(job, COPIES);
  const outputs = word(job, FIELDS_OUT);
  let to = word(job, PACKED);
  let entry: usize = 0;
  for (let b: usize = 0; b < blocksOf(order); b++) {
    const d = sizeOf(order, b);
    const positions = load<u32>(word(job, COUNTS) + (b << 2));
    const rows = <i32>(outputs * d);
    for (let row = 0; row < rows; ) {
      const height = tileRows(rows - row);
      for (let p: usize = 0; p < positions; p++) {
        for (let f: usize = 0; f < fieldsIn; f++) {
          for (let c: usize = 0; c < d; c++) {
            for (let r = 0; r < height; r++, to += 4) {
              const m = <usize>(row + r);
              f32.store(to, combined(job, entry + (m % d) * d + c, p, f, m / d));
            }
          }
        }
      }
      row += height;
    }
    entry += d * d;
  }
}

/** One entry: Σ_k E[entry][k]·w[k], times the position's factor. */
function combined(job: usize, entry: usize, p: usize, f: usize, output: usize): f32 {
  const order = word(job, ORDER);
  const copies = word(job, COPIES);
  const table = word(job, TABLE) + ((p * max(order, copies) + (f % copies)) << 2);
  const weights = word(job, WEIGHT) + (((f / copies) * word(job, STEP_IN) + output * word(job, STEP_OUT)) << 2);
  const matrix = word(job, MATRIX) + ((entry * order) << 2);
  let sum: f64 = 0;
  for (let k: usize = 0; k < order; k++)
    sum += <f64>f32.load(matrix + (k << 2)) * <f64>f32.load(weights + (load<u32>(table + (k << 2)) << 2));
  return <f32>(sum * <f64>f32.load(word(job, FACTORS) + (p << 2)));
}

/** The chunks' sums → the gradient of the stored weights, which is zero beforehand. */
export function unpackGradient(job: usize): void {
  const order = word(job, ORDER);
  const fieldsIn = word(job, FIELDS_IN);
  const outputs = word(job, FIELDS_OUT);
  const matrix = word(job, MATRIX);
  let sums = word(job, PACKED);
  let entry: usize = 0;
  for (let b: usize = 0; b < blocksOf(order); b++) {
    const d = sizeOf(order, b);
    const positions = load<u32>(word(job, COUNTS) + (b << 2));
    for (let p: usize = 0; p < positions; p++) {
      const factor = <f64>f32.load(word(job, FACTORS) + (p << 2));
      const table = word(job, TABLE) + ((p * order) << 2);
      for (let f: usize = 0; f < fieldsIn; f++) {
        for (let c: usize = 0; c < d; c++) {
          for (let m: usize = 0; m < outputs * d; m++, sums += 4) {
            const value = chunkSum(job, sums) * factor;
            const e = matrix + (((entry + (m % d) * d + c) * order) << 2);
            const at = word(job, WEIGHT) + ((f * word(job, STEP_IN) + (m / d) * word(job, STEP_OUT)) << 2);
            for (let k: usize = 0; k < order; k++) {
              const to = at + (load<u32>(table + (k << 2)) << 2);
              f32.store(to, <f32>(<f64>f32.load(to) + <f64>f32.load(e + (k << 2)) * value));
            }
          }
        }
      }
    }
    entry += d * d;
  }
}

/** One number of every chunk, added in order. */
// @ts-ignore: decorator
@inline
function chunkSum(job: usize, at: usize): f64 {
  let sum: f64 = 0;
  const chunks = word(job, CHUNKS);
  const step = word(job, CHUNK_BYTES);
  for (let c: usize = 0; c < chunks; c++, at += step) sum += <f64>f32.load(at);
  return sum;
}
