/**
 * Puts a TIFF together: one directory, its values, its blocks (TIFF 6.0, little-endian). The reader's own writer claims
 * that a picture without a georeference covers the whole globe, and knows no palette.
 */

const TYPES = {
  byte: [1, 1],
  ascii: [2, 1],
  short: [3, 2],
  long: [4, 4],
  double: [12, 8],
  undefined: [7, 1],
} as const;

export interface TiffField {
  readonly tag: number;
  readonly type: keyof typeof TYPES;
  readonly values: ArrayLike<number>;
}

/** Text as TIFF keeps it: ASCII with a zero at the end. */
export function asciiField(tag: number, text: string): TiffField {
  return { tag, type: 'ascii', values: [...new TextEncoder().encode(text), 0] };
}

/**
 * @param fields all but the two that say where the blocks are.
 * @param blocks the strips, or the tiles when `isTiled`, each as it is to lie in the file.
 */
export function tiffFile(
  fields: readonly TiffField[],
  blocks: readonly Uint8Array[],
  isTiled = false,
): Uint8Array {
  const [offsetTag, countTag] = isTiled ? [324, 325] : [273, 279];
  const counts: TiffField = { tag: countTag, type: 'long', values: blocks.map(({ length }) => length) };
  const offsets: TiffField = { tag: offsetTag, type: 'long', values: blocks.map(() => 0) };
  const sorted = [...fields, counts, offsets].sort((a, b) => a.tag - b.tag);

  const valuesAt = 8 + 2 + 12 * sorted.length + 4;
  const sizes = sorted.map(({ type, values }) => TYPES[type][1] * values.length);
  const blocksAt = valuesAt + sizes.reduce((sum, size) => sum + (size > 4 ? roundUpToEven(size) : 0), 0);
  const starts: number[] = [];
  let end = blocksAt;
  for (const { length } of blocks) {
    starts.push(end);
    end += roundUpToEven(length);
  }

  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  view.setUint16(8, sorted.length, true);
  let free = valuesAt;
  sorted.forEach((field, i) => {
    const at = 10 + 12 * i;
    view.setUint16(at, field.tag, true);
    view.setUint16(at + 2, TYPES[field.type][0], true);
    view.setUint32(at + 4, field.values.length, true);
    const isInside = sizes[i] <= 4;
    if (!isInside) view.setUint32(at + 8, free, true);
    writeValues(view, isInside ? at + 8 : free, field, field === offsets ? starts : field.values);
    if (!isInside) free += roundUpToEven(sizes[i]);
  });
  blocks.forEach((block, i) => {
    bytes.set(block, starts[i]);
  });
  return bytes;
}

function writeValues(view: DataView, start: number, { type }: TiffField, values: ArrayLike<number>): void {
  const size = TYPES[type][1];
  for (let i = 0; i < values.length; i++) {
    const at = start + i * size;
    if (type === 'double') view.setFloat64(at, values[i], true);
    else if (type === 'long') view.setUint32(at, values[i], true);
    else if (type === 'short') view.setUint16(at, values[i], true);
    else view.setUint8(at, values[i]);
  }
}

/** Values and blocks begin at even offsets. */
function roundUpToEven(size: number): number {
  return size + (size % 2);
}
