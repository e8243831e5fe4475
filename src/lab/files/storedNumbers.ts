/**
 * The types of numbers that safetensors files hold, by the names that their headers give them: which of them are read, and
 * as what. Floats of 16 bits are read exactly as floats of 32, those of 64 are rounded.
 */

type Read = Float32Array | Int32Array | Int8Array | Uint8Array;

interface Stored {
  readonly bytes: number;
  /** What such numbers are read as; the type in which they are written again. */
  readonly as: 'F32' | 'I32' | 'I8' | 'U8';
  /** bytes: a copy that begins at its buffer's first byte. */
  read(bytes: ArrayBuffer): Read;
}

/** Those that are read, by the name in the header. */
const STORED: ReadonlyMap<string, Stored> = new Map<string, Stored>([
  ['F32', { bytes: 4, as: 'F32', read: (bytes) => new Float32Array(bytes) }],
  ['I32', { bytes: 4, as: 'I32', read: (bytes) => new Int32Array(bytes) }],
  ['I8', { bytes: 1, as: 'I8', read: (bytes) => new Int8Array(bytes) }],
  ['U8', { bytes: 1, as: 'U8', read: (bytes) => new Uint8Array(bytes) }],
  ['F64', { bytes: 8, as: 'F32', read: (bytes) => Float32Array.from(new Float64Array(bytes)) }],
  ['F16', { bytes: 2, as: 'F32', read: (bytes) => Float32Array.from(new Uint16Array(bytes), halfOf) }],
  // The upper half of a 32-bit float.
  [
    'BF16',
    { bytes: 2, as: 'F32', read: (bytes) => new Float32Array(upperHalves(new Uint16Array(bytes)).buffer) },
  ],
]);

/** How numbers of that type are read; undefined where they are not. */
export const storedAs = (dtype: string): Stored | undefined => STORED.get(dtype);

/** The names of the types that are read. */
export const READ_TYPES: readonly string[] = [...STORED.keys()];

/** The number that a 16-bit float stands for: 1 sign, 5 exponent and 10 fraction bits (IEEE 754 binary16). */
export function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // Below the smallest exponent there is no leading 1.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function upperHalves(halves: Uint16Array): Uint32Array {
  return Uint32Array.from(halves, (half) => half << 16);
}
