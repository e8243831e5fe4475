/**
 * PackBits (TIFF 6.0, section 9): a byte n below 128 stands before n + 1 bytes as they are, one above 128 before a byte
 * to be repeated 257 − n times; 128 is nothing. Written here because the decoder at hand unpacks without a bound.
 */

/** The bytes of a block; what goes beyond `most` is left out, as every writer pads the last run. Undefined when cut off. */
export function decodePackBits(packed: Uint8Array, most: number): Uint8Array | undefined {
  const out = new Uint8Array(most);
  let at = 0;
  let i = 0;
  while (i < packed.length && at < most) {
    const n = packed[i++];
    if (n === 128) continue;
    const count = Math.min(n < 128 ? n + 1 : 257 - n, most - at);
    if (n < 128) {
      if (i + n + 1 > packed.length) return undefined;
      out.set(packed.subarray(i, i + count), at);
      i += n + 1;
    } else {
      if (i >= packed.length) return undefined;
      out.fill(packed[i++], at, at + count);
    }
    at += count;
  }
  return out.slice(0, at);
}
