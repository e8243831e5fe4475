/** Bytes that lie somewhere, read piece by piece. */

/** Random access to bytes: a Blob in a page, an open file in Node. */
export interface ByteSource {
  readonly size: number;
  /** `length` bytes from `offset`, fewer at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A Blob (or File) as a source of bytes. */
export function blobSource(blob: Blob): ByteSource {
  const read = async (offset: number, length: number) =>
    new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  return { size: blob.size, read };
}

/** Read at once where reads follow each other, in bytes. */
const WINDOW = 2 ** 16;

/**
 * The same bytes with fewer reads: where one follows the last, more is read and kept than was asked for. A browser takes
 * about a millisecond for each read of a file, as long as for decoding a tile.
 */
export function readAhead(source: ByteSource, window = WINDOW): ByteSource {
  let kept: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };
  let end = 0;
  return {
    size: source.size,
    async read(offset, length) {
      const isKept = offset >= kept.start && offset + length <= kept.start + kept.bytes.length;
      if (!isKept) {
        // Files lie one after the other, with headers of a few hundred bytes in between.
        const follows = offset >= end && offset - end < window;
        const bytes = await source.read(offset, follows ? Math.max(length, window) : length);
        kept = { start: offset, bytes };
      }
      end = offset + length;
      return kept.bytes.slice(offset - kept.start, offset - kept.start + length);
    },
  };
}
