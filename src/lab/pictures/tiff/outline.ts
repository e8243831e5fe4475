/**
 * Checks a TIFF's directories before a reader trusts them: that each lies in the file with every value it points at,
 * and that its values together are no more than the file. (A reader makes room for a value by the count it claims.)
 * Behind the first lie smaller copies and masks; a chain of directories that leads back to itself ends there.
 */

/** Directories seen in the wild have tens of entries. */
const MAX_ENTRIES = 4096;
/** Bytes of a value by its type, 1 (byte) to 18 (64-bit offset). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/**
 * What is wrong with each directory in turn, in a few words; undefined where nothing is. What comes after a broken one
 * cannot be found, so it is the last.
 */
export function tiffFaults(bytes: Uint8Array, most: number): (string | undefined)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49;
  if (bytes.length < 8) return ['its header is cut off'];
  const isBig = view.getUint16(2, little) === 43;
  if (isBig && bytes.length < 16) return ['its header is cut off'];
  if (isBig && (view.getUint16(4, little) !== 8 || view.getUint16(6, little) !== 0))
    return ['its header is broken'];

  const faults: (string | undefined)[] = [];
  const seen = new Set<number>();
  let start = isBig ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  while (faults.length < most && !seen.has(start) && (start !== 0 || faults.length === 0)) {
    seen.add(start);
    const { fault, next } = outlineOf(view, start, little, isBig);
    faults.push(fault);
    if (fault || next === undefined) break;
    start = next;
  }
  return faults;
}

/** One directory: what is wrong with it, or where the next one begins (0: nowhere). */
function outlineOf(
  view: DataView,
  start: number,
  little: boolean,
  isBig: boolean,
): { fault?: string; next?: number } {
  const length = view.byteLength;
  const u16 = (at: number) => view.getUint16(at, little);
  const u32 = (at: number) => view.getUint32(at, little);
  const u64 = (at: number) => Number(view.getBigUint64(at, little));
  const word = isBig ? u64 : u32;
  const [wordBytes, countBytes, entryBytes] = isBig ? [8, 8, 20] : [4, 2, 12];

  if (start + countBytes > length) return { fault: 'its directory lies outside of the file' };
  const entries = isBig ? u64(start) : u16(start);
  if (entries === 0 || entries > MAX_ENTRIES) return { fault: `its directory claims ${entries} entries` };
  // The offset of the next directory follows the entries.
  const nextAt = start + countBytes + entries * entryBytes;
  if (nextAt + wordBytes > length) return { fault: 'its directory is cut off' };

  let total = 0;
  for (let i = 0; i < entries; i++) {
    const at = start + countBytes + i * entryBytes;
    const [tag, type, count] = [u16(at), u16(at + 2), word(at + 4)];
    const size = (TYPE_BYTES[type] ?? 0) * count;
    if (!TYPE_BYTES[type]) return { fault: `tag ${tag} has the unknown type ${type}` };
    if (count === 0) return { fault: `tag ${tag} is empty` };
    total += size;
    const isOutside = size > wordBytes && word(at + 4 + wordBytes) + size > length;
    if (isOutside || total > length) return { fault: `tag ${tag} points outside of the file` };
  }
  return { next: word(nextAt) };
}
