/**
 * Files of a zip as nearly all are: stored or deflated, in one piece, not large. The zip's library sends each through a
 * chain of streams, which takes longer than decoding a tile (60,000 of them: over a minute of Node's time, a third of it
 * spent on clearing up). Only what comes out as the directory promises, by its checksum, counts; everything else goes
 * the library's way, which says what is wrong with it.
 */
import type { FileEntry } from '@zip.js/zip.js';
import { crc32 } from '../../pictures/codecs/crc32';
import { inflate } from '../../pictures/codecs/inflate';
import type { ByteSource } from './byteSource';

/** Larger ones are few, and had better pass through bit by bit. */
const MOST_BYTES = 2 ** 22;
const HEADER = 30;
const [STORED, DEFLATED] = [0, 8];

/** The bytes of a plain file; null where it is none, or another one than its zip's directory says. */
export async function plainFile(source: ByteSource, entry: FileEntry): Promise<Uint8Array | null> {
  const { compressionMethod, compressedSize, uncompressedSize, encrypted, zip64, diskNumberStart } = entry;
  if (encrypted || zip64 || diskNumberStart !== 0) return null;
  if (Math.max(compressedSize, uncompressedSize) > MOST_BYTES) return null;
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) return null;
  const header = await source.read(entry.offset, HEADER);
  if (header.length < HEADER) return null;
  const view = new DataView(header.buffer, header.byteOffset, HEADER);
  const isItsOwn =
    view.getUint32(0, true) === 0x04034b50 &&
    view.getUint16(6, true) === entry.rawBitFlag &&
    view.getUint16(8, true) === compressionMethod &&
    view.getUint16(26, true) === entry.rawFilename.length;
  if (!isItsOwn) return null;
  const start = entry.offset + HEADER + entry.rawFilename.length + view.getUint16(28, true);
  const packed = await source.read(start, compressedSize);
  if (packed.length < compressedSize) return null;
  const bytes = compressionMethod === STORED ? packed : inflate(packed, uncompressedSize, true);
  if (typeof bytes === 'string' || bytes.length !== uncompressedSize) return null;
  return crc32(bytes) === entry.crc32 ? bytes : null;
}
