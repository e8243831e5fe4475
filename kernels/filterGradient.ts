/**
 * Filter gradient of a group convolution, by Fourier over the group: the components of the input times those of the
 * gradient of the output, summed over pixels (fast-convolution: dŴ(ρ) = Σ dÔᵀ·V̂).
 *
 * Tiles are summed in a fixed number of chunks, each in order, and the chunks in order: the same bits with any number of
 * threads.
 */
import { dots } from './product';
import { toC2, toC4, toD4 } from './groups';
import { counted } from './lanes';
import {
  BLOCK, CHUNKS, FIELDS_IN, FIELDS_OUT, gatherTwo, HEIGHT, onesOf, ORDER, pad, paddedBytes, PLANES_IN,
  POSITIONS, rowsIn, SUM_BYTES, TILES, VECTOR_TABLE, VECTORS, WEIGHTS, WIDTH, word, X, Y,
} from './convolve';

/** The sums of one chunk of tiles: for each product, [rows of the input][rows of the output]. */
export function filterGradientChunk(job: usize, chunk: usize, padded: usize): void {
  const order = word(job, ORDER);
  const planes = word(job, FIELDS_IN) * word(job, PLANES_IN);
  const fieldsOut = word(job, FIELDS_OUT);
  const plane = (word(job, HEIGHT) * word(job, WIDTH)) << 2;
  const tiles = word(job, TILES);
  const chunks = word(job, CHUNKS);
  const vectors = <i32>word(job, VECTORS);
  const block = <i32>word(job, BLOCK);
  const sums = word(job, WEIGHTS) + chunk * word(job, SUM_BYTES);
  memory.fill(sums, 0, word(job, SUM_BYTES));
  const k = <i32>(word(job, POSITIONS) * word(job, FIELDS_IN));
  const m = <i32>fieldsOut;
  const inputs = padded + paddedBytes(job);
  const outputs = inputs + <usize>k * order * rowBytes(block);
  const lastTile = (tiles * (chunk + 1)) / chunks;
  for (let tile = (tiles * chunk) / chunks; tile < lastTile; tile++) {
    pad(job, word(job, X) + tile * planes * plane, padded, planes);
    const dy = word(job, Y) + tile * fieldsOut * order * plane;
    for (let first = 0; first < vectors; first += block) {
      const count = min(block, vectors - first);
      const row = rowBytes(count);
      const panel = (<usize>k) * row;
      const panelOut = (<usize>m) * row;
      let entry = word(job, VECTOR_TABLE) + <usize>first * 12;
      for (let v = 0; v < count; v += 2, entry += 24)
        gatherTwo(job, padded + load<u32>(entry), padded + load<u32>(entry, 12), inputs + (<usize>v << 4), panel, row);
      entry = word(job, VECTOR_TABLE) + <usize>first * 12;
      for (let v = 0; v < count; v++, entry += 12) {
        const at = (<usize>v) << 4;
        gatherGradient(order, fieldsOut, dy + load<u32>(entry, 4), load<i32>(entry, 8), outputs + at, panelOut, row, plane);
      }
      multiplyAll(job, inputs, panel, outputs, panelOut, sums, count);
    }
  }
}

/** Bytes between rows of a block: an odd number of cache lines, or rows would share a few sets of the cache. */
// @ts-ignore: decorator
@inline
function rowBytes(vectors: i32): usize {
  return (((<usize>vectors << 4) + 63) & ~(<usize>63)) | 64;
}

/** Adds every representation's product. */
function multiplyAll(
  job: usize, inputs: usize, panel: usize, outputs: usize, panelOut: usize, sums: usize, count: i32,
): void {
  const order = word(job, ORDER);
  const m = <i32>word(job, FIELDS_OUT);
  const length = <usize>count << 4;
  const row = rowBytes(count);
  const ones = onesOf(order);
  for (let i: usize = 0; i < ones; i++) {
    const k = rowsIn(job, i);
    dots(inputs + i * panel, outputs + i * panelOut, sums, k, m, length, row);
    sums += (<usize>k * m) << 2;
  }
  if (order < 4) return;
  const k = 2 * rowsIn(job, ones);
  dots(inputs + ones * panel, outputs + ones * panelOut, sums, k, 2 * m, length, row);
  if (order == 8) dots(inputs + 6 * panel, outputs + 6 * panelOut, sums, k, 2 * m, length, row);
}

/** The components of the gradient at four pixels, of which `lanes` count; the others are zero. */
function gatherGradient(
  order: usize, fields: usize, at: usize, lanes: i32, to: usize, panel: usize, row: usize, plane: usize,
): void {
  const mask = counted(lanes);
  if (order == 1) {
    for (let f: usize = 0; f < fields; f++, to += row, at += plane) v128.store(to, v128.and(v128.load(at), mask));
  } else if (order == 2) {
    for (let f: usize = 0; f < fields; f++, to += row, at += 2 * plane)
      toC2(v128.and(v128.load(at), mask), v128.and(v128.load(at + plane), mask), to, panel);
  } else if (order == 4) {
    let pair = to + 2 * panel;
    for (let f: usize = 0; f < fields; f++, to += row, pair += 2 * row, at += 4 * plane) {
      toC4(
        v128.and(v128.load(at), mask),
        v128.and(v128.load(at + plane), mask),
        v128.and(v128.load(at + 2 * plane), mask),
        v128.and(v128.load(at + 3 * plane), mask),
        to, panel, pair, row,
      );
    }
  } else {
    let pair = to + 4 * panel;
    for (let f: usize = 0; f < fields; f++, to += row, pair += 2 * row, at += 8 * plane) {
      toD4(
        v128.and(v128.load(at), mask),
        v128.and(v128.load(at + plane), mask),
        v128.and(v128.load(at + 2 * plane), mask),
        v128.and(v128.load(at + 3 * plane), mask),
        v128.and(v128.load(at + 4 * plane), mask),
        v128.and(v128.load(at + 5 * plane), mask),
        v128.and(v128.load(at + 6 * plane), mask),
        v128.and(v128.load(at + 7 * plane), mask),
        to, panel, pair, row,
      );
    }
  }
}
