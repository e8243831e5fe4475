/**
 * From the bytes of a block to its values, in this order:
 *
 *   predictor 3      bytes of a row are summed, then the planes of bytes put together: always most significant first
 *   else             values are brought into this machine's byte order
 *   predictor 2      then each value adds the one before it in its band, as whole numbers of its width
 *   then             floats of 16 and 24 bits, and whole numbers of odd widths, become ones that JavaScript has
 *
 * Machines on which JavaScript runs are little-endian. Whole numbers of odd widths are rows of bits, most significant first,
 * in either order; those of 24 bits are too, once their bytes are in the machine's order: as libtiff and GDAL have it.
 */

import type { Samples } from '../raster';
import { type Layout, rowBytes } from './layout';

/** As they stand in the file: whole numbers of 64 bits too. */
export type RawSamples = Samples | BigUint64Array | BigInt64Array;

/** The values of a block, pixel by pixel, `rows` rows of them. Changes the bytes given. */
export function samplesOf(bytes: Uint8Array, layout: Layout, rows: number): RawSamples {
  const { bits, values, blockWidth } = layout;
  const count = rows * blockWidth * values;
  if (bits % 8 !== 0) return unpackBits(bytes, layout, rows);
  const size = bits / 8;
  const own = bytes.byteOffset === 0 ? bytes : bytes.slice();
  if (layout.predictor === 3) undoFloatPredictor(own, layout, rows);
  else if (!layout.isLittleEndian) swapBytes(own, size, count);
  if (layout.predictor === 2) undoDifferences(own.buffer as ArrayBuffer, layout, rows);
  return typed(own.buffer as ArrayBuffer, layout, count);
}

/** An array for so many values of one band. */
export function samplesFor({ bits, format }: Layout, count: number): RawSamples {
  if (format === 'float') return bits === 64 ? new Float64Array(count) : new Float32Array(count);
  const isSigned = format === 'signed';
  if (bits <= 8) return isSigned ? new Int8Array(count) : new Uint8Array(count);
  if (bits <= 16) return isSigned ? new Int16Array(count) : new Uint16Array(count);
  if (bits <= 32) return isSigned ? new Int32Array(count) : new Uint32Array(count);
  return isSigned ? new BigInt64Array(count) : new BigUint64Array(count);
}

function typed(buffer: ArrayBuffer, { bits, format }: Layout, count: number): RawSamples {
  if (format === 'float') {
    if (bits === 64) return new Float64Array(buffer, 0, count);
    if (bits === 32) return new Float32Array(buffer, 0, count);
    const view = new DataView(buffer);
    return Float32Array.from({ length: count }, (_, i) =>
      bits === 16
        ? smallFloat(view.getUint16(2 * i, true), 5, 10)
        : smallFloat(view.getUint16(3 * i, true) | (view.getUint8(3 * i + 2) << 16), 7, 16),
    );
  }
  const isSigned = format === 'signed';
  if (bits === 8) return isSigned ? new Int8Array(buffer, 0, count) : new Uint8Array(buffer, 0, count);
  if (bits === 16) return isSigned ? new Int16Array(buffer, 0, count) : new Uint16Array(buffer, 0, count);
  if (bits === 32) return isSigned ? new Int32Array(buffer, 0, count) : new Uint32Array(buffer, 0, count);
  if (bits === 64)
    return isSigned ? new BigInt64Array(buffer, 0, count) : new BigUint64Array(buffer, 0, count);
  const bytes = new Uint8Array(buffer);
  return Uint32Array.from(
    { length: count },
    (_, i) => (bytes[3 * i] << 16) | (bytes[3 * i + 1] << 8) | bytes[3 * i + 2],
  );
}

/** A float of 1 + `exponent` + `mantissa` bits, as IEEE 754 forms it. */
function smallFloat(word: number, exponent: number, mantissa: number): number {
  const most = (1 << exponent) - 1;
  const sign = (word >> (exponent + mantissa)) & 1 ? -1 : 1;
  const e = (word >> mantissa) & most;
  const m = (word & ((1 << mantissa) - 1)) / 2 ** mantissa;
  if (e === most) return m === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const bias = most >> 1;
  return sign * (e === 0 ? m * 2 ** (1 - bias) : (1 + m) * 2 ** (e - bias));
}

function swapBytes(bytes: Uint8Array, size: number, count: number): void {
  if (size === 1) return;
  for (let at = 0; at < size * count; at += size) {
    for (let a = at, b = at + size - 1; a < b; a++, b--) {
      const byte = bytes[a];
      bytes[a] = bytes[b];
      bytes[b] = byte;
    }
  }
}

function undoDifferences(buffer: ArrayBuffer, { bits, values, blockWidth }: Layout, rows: number): void {
  const perRow = blockWidth * values;
  if (bits === 64) {
    undoDifferences64(new Uint32Array(buffer, 0, 2 * rows * perRow), values, perRow);
    return;
  }
  const words =
    bits === 8
      ? new Uint8Array(buffer, 0, rows * perRow)
      : bits === 16
        ? new Uint16Array(buffer, 0, rows * perRow)
        : new Uint32Array(buffer, 0, rows * perRow);
  for (let start = 0; start < words.length; start += perRow) {
    for (let i = start + values; i < start + perRow; i++) words[i] += words[i - values];
  }
}

/** In halves, with a carry: whole numbers of 64 bits are ten times slower. */
function undoDifferences64(halves: Uint32Array, values: number, perRow: number): void {
  for (let start = 0; start < halves.length; start += 2 * perRow) {
    for (let i = start + 2 * values; i < start + 2 * perRow; i += 2) {
      const before = halves[i - 2 * values];
      halves[i] += before;
      halves[i + 1] += halves[i + 1 - 2 * values] + (halves[i] < before ? 1 : 0);
    }
  }
}

function undoFloatPredictor(bytes: Uint8Array, layout: Layout, rows: number): void {
  const { values, blockWidth } = layout;
  const size = layout.bits / 8;
  const [perRow, length] = [blockWidth * values, rowBytes(layout)];
  const row = new Uint8Array(length);
  for (let start = 0; start < rows * length; start += length) {
    for (let i = start + values; i < start + length; i++) bytes[i] += bytes[i - values];
    row.set(bytes.subarray(start, start + length));
    for (let i = 0; i < perRow; i++) {
      for (let k = 0; k < size; k++) bytes[start + size * i + size - 1 - k] = row[k * perRow + i];
    }
  }
}

/** Whole numbers of any width, most significant bit first; each row begins at a whole byte. */
function unpackBits(bytes: Uint8Array, layout: Layout, rows: number): RawSamples {
  const { bits, values, blockWidth } = layout;
  const perRow = blockWidth * values;
  const out = samplesFor(layout, rows * perRow);
  const length = rowBytes(layout);
  for (let y = 0; y < rows; y++) {
    let bit = 8 * y * length;
    for (let i = 0; i < perRow; i++, bit += bits) {
      let value = 0;
      // Up to 31 bits lie in up to five bytes: more than a whole number of 32 bits holds.
      for (let taken = 0; taken < bits; ) {
        const at = bit + taken;
        const some = Math.min(8 - (at & 7), bits - taken);
        const part = (bytes[at >> 3] >> (8 - (at & 7) - some)) & ((1 << some) - 1);
        value = value * 2 ** some + part;
        taken += some;
      }
      out[y * perRow + i] = value;
    }
  }
  return out;
}
