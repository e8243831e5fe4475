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
const POSITIONS = 5;
const FIELDS_IN = 6;
const FIELDS_OUT = 7;
const STEP_IN = 8; // floats between two input fields' weights
const STEP_OUT = 9; // floats between two output fields' weights
const COPIES = 10; // lifting: outputs of a field, each with its own row of the table; else 1
const CHUNKS = 11;
const CHUNK_BYTES = 12;
const SCALES = 13; // [fieldsOut] factors on every output field's weights (a folded norm), or 0
const COPIES_IN = 14; // the same for the inputs: the gradient of a lifting layer's pictures; else 1

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
  const positions = word(job, POSITIONS);
  const fieldsIn = word(job, FIELDS_IN) * word(job, COPIES_IN);
  const copies = word(job, COPIES);
  const outputs = word(job, FIELDS_OUT) * copies;
  let to = word(job, PACKED);
  let entry: usize = 0;
  for (let b: usize = 0; b < blocksOf(order); b++) {
    const d = sizeOf(order, b);
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

/** One entry: Σ_k E[entry][k]·w[k]. `output`: a field, or a copy of one. */
function combined(job: usize, entry: usize, p: usize, f: usize, output: usize): f32 {
  const order = word(job, ORDER);
  const copies = word(job, COPIES);
  const copiesIn = word(job, COPIES_IN);
  const field = output / copies;
  const rows = max(order, copies * copiesIn);
  const table = word(job, TABLE) + ((p * rows + (output % copies) + (f % copiesIn)) << 2);
  const weights =
    word(job, WEIGHT) + (((f / copiesIn) * word(job, STEP_IN) + field * word(job, STEP_OUT)) << 2);
  const matrix = word(job, MATRIX) + ((entry * order) << 2);
  let sum: f64 = 0;
  for (let k: usize = 0; k < order; k++)
    sum += <f64>f32.load(matrix + (k << 2)) * <f64>f32.load(weights + (load<u32>(table + (k << 2)) << 2));
  const scales = word(job, SCALES);
  if (scales != 0) sum *= <f64>f32.load(scales + (field << 2));
  return <f32>sum;
}

/** The chunks' sums → the gradient of the stored weights, which is zero beforehand. */
export function unpackGradient(job: usize): void {
  const order = word(job, ORDER);
  const positions = word(job, POSITIONS);
  const fieldsIn = word(job, FIELDS_IN);
  const copies = word(job, COPIES);
  const outputs = word(job, FIELDS_OUT) * copies;
  const rows = max(order, copies);
  const matrix = word(job, MATRIX);
  let sums = word(job, PACKED);
  let entry: usize = 0;
  for (let b: usize = 0; b < blocksOf(order); b++) {
    const d = sizeOf(order, b);
    for (let p: usize = 0; p < positions; p++) {
      for (let f: usize = 0; f < fieldsIn; f++) {
        for (let c: usize = 0; c < d; c++) {
          for (let m: usize = 0; m < outputs * d; m++, sums += 4) {
            const value = chunkSum(job, sums);
            const output = m / d;
            const e = matrix + (((entry + (m % d) * d + c) * order) << 2);
            const table = word(job, TABLE) + ((p * rows + (output % copies)) << 2);
            const field = output / copies;
            const at = word(job, WEIGHT) + ((f * word(job, STEP_IN) + field * word(job, STEP_OUT)) << 2);
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
