/**
 * Filters to the points of Winograd's algorithm: for each pair of planes, the filter turned by the element that belongs to it,
 * G·w·Gᵀ with 6 rows of G. Laid as `product8` reads them: for each point the tiles of rows, one after the other.
 */
import { tileRows } from './product';
import { word } from './convolve';

// The words of a job.
const WEIGHT = 0; // the stored weights
const PACKED = 1;
const MATRIX = 2; // G: [6][3] of float64
const TABLE = 3; // [ORDER_OUT][ORDER_IN][9]: index of the weight for each position, in floats
const FIELDS_IN = 4;
const FIELDS_OUT = 5;
const ORDER_IN = 6; // planes of a field
const ORDER_OUT = 7;
const STEP_IN = 8; // floats between two input fields' weights
const STEP_OUT = 9; // floats between two output fields' weights

/** What packing needs for itself: a row of the points. */
const SIDE: usize = 6;

/** One field of the output as a chunk: none of them needs another's. */
export function packWinogradChunk(job: usize, field: usize): void {
  const orderIn = word(job, ORDER_IN);
  const orderOut = word(job, ORDER_OUT);
  const planes = word(job, FIELDS_IN) * orderIn;
  const outputs = word(job, FIELDS_OUT) * orderOut;
  const point = (planes * outputs) << 2;
  for (let g: usize = 0; g < orderOut; g++) {
    const output = field * orderOut + g;
    // Its tile of rows, and which of them it is.
    const start = output < (outputs & ~3) ? output & ~3 : (outputs & 2) && output < (outputs & ~1) ? outputs & ~3 : output;
    const height = <usize>tileRows(<i32>(outputs - start));
    let to = word(job, PACKED) + ((start * planes + (output - start)) << 2);
    for (let p: usize = 0; p < planes; p++, to += height << 2) {
      const stored =
        word(job, WEIGHT) + (((p / orderIn) * word(job, STEP_IN) + field * word(job, STEP_OUT)) << 2);
      transform(job, stored, word(job, TABLE) + (g * orderIn + (p % orderIn)) * 36, to, point);
    }
  }
}

/** One filter, whose points lie `point` bytes apart. In float64: rounded once. */
function transform(job: usize, stored: usize, table: usize, to: usize, point: usize): void {
  const matrix = word(job, MATRIX);
  for (let i: usize = 0; i < SIDE; i++) {
    const row = matrix + i * 24;
    const w0 = combined(row, stored, table, 0);
    const w1 = combined(row, stored, table, 1);
    const w2 = combined(row, stored, table, 2);
    for (let j: usize = 0; j < SIDE; j++, to += point) {
      const column = matrix + j * 24;
      f32.store(
        to,
        <f32>(f64.load(column) * w0 + f64.load(column, 8) * w1 + f64.load(column, 16) * w2),
      );
    }
  }
}

/** A column of the filter times a row of G. */
// @ts-ignore: decorator
@inline
function combined(row: usize, stored: usize, table: usize, column: usize): f64 {
  const at = table + (column << 2);
  return (
    f64.load(row) * <f64>f32.load(stored + (load<u32>(at) << 2)) +
    f64.load(row, 8) * <f64>f32.load(stored + (load<u32>(at, 12) << 2)) +
    f64.load(row, 16) * <f64>f32.load(stored + (load<u32>(at, 24) << 2))
  );
}
