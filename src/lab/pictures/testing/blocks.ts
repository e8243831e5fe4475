/** Blocks of TIFFs by their definitions, for compressions that the project does not write; for tests only. */

/** A ZSTD frame (RFC 8878) of raw blocks of one byte, and of blocks that repeat a byte. */
export function zstdOf(...blocks: readonly (number | readonly [byte: number, times: number])[]): Uint8Array {
  const out = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50];
  blocks.forEach((block, i) => {
    const last = i === blocks.length - 1 ? 1 : 0;
    const [kind, size, byte] = typeof block === 'number' ? [0, 1, block] : [1, block[1], block[0]];
    const head = last | (kind << 1) | (size << 3);
    out.push(head & 255, (head >> 8) & 255, head >> 16, byte);
  });
  return Uint8Array.from(out);
}

export type LercHead = Partial<Record<'width' | 'height' | 'version' | 'micro' | 'kind' | 'bytes', number>>;

/** A blob of LERC 2.2 in which all floats of a row of four are the same; `head` changes what it says of itself. */
export function lercOf(value: number, head: LercHead = {}): Uint8Array {
  const { width = 4, height = 1, version = 2, micro = 8, kind = 6, bytes = 62 } = head;
  const blob = new Uint8Array(62);
  const view = new DataView(blob.buffer);
  blob.set([...'Lerc2 '].map((c) => c.charCodeAt(0)));
  for (const [i, word] of [version, height, width, width * height, micro, bytes, kind].entries())
    view.setInt32(6 + 4 * i, word, true);
  for (const [i, number] of [0, value, value].entries()) view.setFloat64(34 + 8 * i, number, true);
  return blob;
}
