/**
 * Checks a TIFF's first directory before a reader trusts it: that it lies in the file with every value it points at,
 * and that its values together are no more than the file. (A reader makes room for a value by the count it claims.)
 * Only the first picture of a file is ever read, so a chain of directories that leads back to itself is not followed.
 */

/** Directories seen in the wild have tens of entries. */
const MAX_ENTRIES = 4096;
/** Bytes of a value by its type, 1 (byte) to 18 (64-bit offset). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** What is wrong with the first directory, in a few words; undefined when nothing is. */
export function tiffFault(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49;
  const isBig = view.getUint16(2, little) === 43;
  const u16 = (at: number) => view.getUint16(at, little);
  const u32 = (at: number) => view.getUint32(at, little);
  const u64 = (at: number) => Number(view.getBigUint64(at, little));
  const word = isBig ? u64 : u32;
  const [wordBytes, countBytes, entryBytes] = isBig ? [8, 8, 20] : [4, 2, 12];

  if (bytes.length < (isBig ? 16 : 8)) return 'its header is cut off';
  if (isBig && (u16(4) !== 8 || u16(6) !== 0)) return 'its header is broken';
  const start = word(isBig ? 8 : 4);
  if (start + countBytes > bytes.length) return 'its directory lies outside of the file';
  const entries = isBig ? u64(start) : u16(start);
  if (entries === 0 || entries > MAX_ENTRIES) return `its directory claims ${entries} entries`;
  // The offset of the next directory follows the entries.
  if (start + countBytes + entries * entryBytes + wordBytes > bytes.length) return 'its directory is cut off';

  let total = 0;
  for (let i = 0; i < entries; i++) {
    const at = start + countBytes + i * entryBytes;
    const [tag, type, count] = [u16(at), u16(at + 2), word(at + 4)];
    const size = (TYPE_BYTES[type] ?? 0) * count;
    if (!TYPE_BYTES[type]) return `tag ${tag} has the unknown type ${type}`;
    if (count === 0) return `tag ${tag} is empty`;
    total += size;
    const isOutside = size > wordBytes && word(at + 4 + wordBytes) + size > bytes.length;
    if (isOutside || total > bytes.length) return `tag ${tag} points outside of the file`;
  }
  return undefined;
}
