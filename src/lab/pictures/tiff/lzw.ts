/**
 * TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant bit first, that grow one code early; 256
 * clears the table, 257 ends. Written here because the decoders at hand unpack without a bound: twelve bits can stand
 * for thousands of bytes.
 */

const CLEAR = 256;
const END = 257;
const MAX_CODES = 4096;

/** The bytes of a block, `most` at most; undefined when it is broken or holds more. */
export function decodeLzw(packed: Uint8Array, most: number): Uint8Array | undefined {
  const out = new Uint8Array(most);
  // Each code stands for a piece of the output that is already there.
  const start = new Uint32Array(MAX_CODES);
  const length = new Uint32Array(MAX_CODES);
  let next = END + 1;
  let width = 9;
  let bit = 0;
  let at = 0;
  let previous = -1;
  let previousAt = 0;
  let previousLength = 0;

  while (bit + width <= packed.length * 8) {
    const byte = bit >> 3;
    const window = (packed[byte] << 16) | ((packed[byte + 1] ?? 0) << 8) | (packed[byte + 2] ?? 0);
    const code = (window >> (24 - width - (bit & 7))) & ((1 << width) - 1);
    bit += width;
    if (code === END) return out.slice(0, at);
    if (code === CLEAR) {
      next = END + 1;
      width = 9;
      previous = -1;
      continue;
    }

    const here = at;
    if (code < CLEAR) {
      if (at + 1 > most) return undefined;
      out[at++] = code;
    } else {
      const isNew = code === next && previous !== -1;
      if (!isNew && (code >= next || previous === -1)) return undefined;
      // A code that is being made is the previous piece and its first byte, which follow each other in the output.
      const from = isNew ? previousAt : start[code];
      const count = isNew ? previousLength + 1 : length[code];
      if (at + count > most) return undefined;
      for (let i = 0; i < count; i++) out[at++] = out[from + i];
    }
    if (previous !== -1 && next < MAX_CODES) {
      start[next] = previousAt;
      length[next] = previousLength + 1;
      next++;
      if (next + 1 >= 1 << width && width < 12) width++;
    }
    previous = code;
    previousAt = here;
    previousLength = at - here;
  }
  // Writers that leave out the end are common.
  return out.slice(0, at);
}
