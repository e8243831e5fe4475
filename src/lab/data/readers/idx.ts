/**
 * IDX, the format of MNIST (LeCun): two zero bytes, the type of the values, the number of dimensions, each
 * dimension as a big-endian 32-bit integer, then the values.
 */

import { BadInput } from '../../errors';

export interface Idx {
  readonly dims: readonly number[];
  /** A view into the file, row-major. */
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;
const TYPES = [UNSIGNED_BYTE, 0x09, 0x0b, 0x0c, 0x0d, 0x0e];
const MAX_DIMS = 4;

/** True when the bytes begin like an IDX file of any type. */
export function isIdx(bytes: Uint8Array): boolean {
  const [zero, nil, type, dims] = bytes;
  return zero === 0 && nil === 0 && TYPES.includes(type) && dims >= 1 && dims <= MAX_DIMS;
}

/**
 * Reads an IDX file of bytes.
 *
 * @param path what to call the file in an error.
 * @throws BadInput when it is none, its values are no bytes, or it is shorter or longer than it says.
 */
export function parseIdx(bytes: Uint8Array, path: string): Idx {
  if (!isIdx(bytes)) throw new BadInput(`${path} is no IDX file.`);
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw new BadInput(
      `${path} holds values of IDX type ${bytes[2]}; the lab reads unsigned bytes (type 8).`,
    );
  }
  const start = 4 + 4 * bytes[3];
  if (bytes.length < start) throw wrongLength(path, bytes.length, start);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const dims = Array.from({ length: bytes[3] }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = start + dims.reduce((product, dim) => product * dim, 1);
  if (bytes.length !== expected) throw wrongLength(path, bytes.length, expected);
  return { dims, values: bytes.subarray(start) };
}

function wrongLength(path: string, length: number, expected: number): BadInput {
  return new BadInput(
    `${path} is ${length < expected ? 'truncated' : 'damaged'}: it has ${length} bytes instead of ${expected}; fetch it again.`,
  );
}
