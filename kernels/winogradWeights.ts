/**
 * Filters to the points of Winograd's algorithm: for each pair of planes, the filter turned by the element that belongs to it,
 * at the six points in both directions. Laid as `product8` reads them: for each point the tiles of rows, one after the other.
 */
import { tileRows } from './product';
import { word } from './convolve';

// The words of a job.
const WEIGHT = 0; // the stored weights
const PACKED = 1;
const TABLE = 2; // [ORDER_OUT][ORDER_IN][9]: index of the weight for each position, in floats
const FIELDS_IN = 3;
const FIELDS_OUT = 4;
const ORDER_IN = 5; // planes of a field
const ORDER_OUT = 6;
const STEP_IN = 7; // floats between two input fields' weights
const STEP_OUT = 8; // floats between two output fields' weights

// The points, as winogradPoints.ts has them, and a polynomial's factor at each: one over its distances to the others.
const A: f64 = 0.75;
const B: f64 = 1.5;
const A2 = A * A;
const B2 = B * B;
const ZERO: f64 = 1 / (A2 * B2);
const IN_A: f64 = 1 / (2 * A2 * (A2 - B2));
const IN_B: f64 = 1 / (2 * B2 * (B2 - A2));

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
      transform(stored, word(job, TABLE) + (g * orderIn + (p % orderIn)) * 36, to, point);
    }
  }
}

/** One filter, whose points lie `point` bytes apart: columns first. In float64, rounded once. */
function transform(stored: usize, table: usize, to: usize, point: usize): void {
  const row = 6 * point;
  const w0 = weight(stored, table, 0);
  const w1 = weight(stored, table, 1);
  const w2 = weight(stored, table, 2);
  const w3 = weight(stored, table, 3);
  const w4 = weight(stored, table, 4);
  const w5 = weight(stored, table, 5);
  const w6 = weight(stored, table, 6);
  const w7 = weight(stored, table, 7);
  const w8 = weight(stored, table, 8);
  alongRow(ZERO * w0, ZERO * w1, ZERO * w2, to, point);
  const a0 = IN_A * (w0 + A2 * w6);
  const a1 = IN_A * (w1 + A2 * w7);
  const a2 = IN_A * (w2 + A2 * w8);
  const oddA0 = IN_A * A * w3;
  const oddA1 = IN_A * A * w4;
  const oddA2 = IN_A * A * w5;
  alongRow(a0 + oddA0, a1 + oddA1, a2 + oddA2, to + row, point);
  alongRow(a0 - oddA0, a1 - oddA1, a2 - oddA2, to + 2 * row, point);
  const b0 = IN_B * (w0 + B2 * w6);
  const b1 = IN_B * (w1 + B2 * w7);
  const b2 = IN_B * (w2 + B2 * w8);
  const oddB0 = IN_B * B * w3;
  const oddB1 = IN_B * B * w4;
  const oddB2 = IN_B * B * w5;
  alongRow(b0 + oddB0, b1 + oddB1, b2 + oddB2, to + 3 * row, point);
  alongRow(b0 - oddB0, b1 - oddB1, b2 - oddB2, to + 4 * row, point);
  alongRow(w6, w7, w8, to + 5 * row, point);
}

// @ts-ignore: decorator
@inline
function weight(stored: usize, table: usize, position: usize): f64 {
  return <f64>f32.load(stored + (load<u32>(table + (position << 2)) << 2));
}

/** Three values at the six points. */
function alongRow(w0: f64, w1: f64, w2: f64, to: usize, point: usize): void {
  f32.store(to, <f32>(ZERO * w0));
  const evenA = IN_A * (w0 + A2 * w2);
  const oddA = IN_A * A * w1;
  f32.store(to + point, <f32>(evenA + oddA));
  f32.store(to + 2 * point, <f32>(evenA - oddA));
  const evenB = IN_B * (w0 + B2 * w2);
  const oddB = IN_B * B * w1;
  f32.store(to + 3 * point, <f32>(evenB + oddB));
  f32.store(to + 4 * point, <f32>(evenB - oddB));
  f32.store(to + 5 * point, <f32>w2);
}
