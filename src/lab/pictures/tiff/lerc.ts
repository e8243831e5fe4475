/**
 * LERC by the reader's own decoder. What its head claims is checked first: the decoder believes it. A head can be true and
 * the rest still mean harm, so a host without a watchdog of its own hands over another way to run it (`setLercReader`).
 */
import Lerc from 'lerc';
import { BadBlock } from './badBlock';
import type { Layout } from './layout';

/** What comes out of a blob: bands one after the other; the mask is 0 where there is nothing. */
export interface LercPixels {
  readonly pixels: ArrayBufferView;
  readonly mask: Uint8Array | null;
}

let readBlob: (blob: Uint8Array) => Promise<LercPixels> = async (blob) => lercPixels(blob);

/** Has blobs read elsewhere, for example in a process that can be ended. What it throws is a broken block. */
export function setLercReader(read: (blob: Uint8Array) => Promise<LercPixels>): void {
  readBlob = read;
}

/** Reads a blob whose head was checked. Throws whatever the decoder throws. */
export function lercPixels(blob: Uint8Array): LercPixels {
  const { pixels, mask } = Lerc.decode(new Uint8Array(blob).buffer);
  return { pixels: pixels[0], mask: mask ?? null };
}

/** LERC's numbers of the kinds of values, in order. */
const KINDS = [
  'signed8',
  'unsigned8',
  'signed16',
  'unsigned16',
  'signed32',
  'unsigned32',
  'float32',
  'float64',
];

/** The values of a block, pixel by pixel. Of big-endian files they are swapped in the blob too, as libtiff writes them. */
export async function unpackLerc(blob: Uint8Array, layout: Layout, rows: number): Promise<Uint8Array> {
  const { values, bits, format, blockWidth } = layout;
  const head = headOf(blob);
  if (!head) throw new BadBlock('a LERC block is broken');
  if (head.version > 5) throw new BadBlock(`it is packed by LERC 2.${head.version}, and up to 2.5 is read`);
  // A picture with an alpha band of all or nothing has that band as its mask.
  const isMasked = head.bands === values - 1 && layout.extraBands.at(-1) === 2 && bits === 8;
  const fits =
    head.width === blockWidth &&
    head.height >= rows &&
    head.height <= layout.blockHeight &&
    (head.bands === values || isMasked) &&
    KINDS[head.kind] === `${format}${bits}` &&
    head.microBlock >= 1 &&
    head.bytes >= 60 &&
    head.bytes <= blob.length;
  if (!fits) throw new BadBlock('a LERC block has another size than its tile');
  const { pixels, mask } = await readBlob(blob.subarray(0, head.bytes)).catch((error) => {
    throw error instanceof BadBlock ? error : new BadBlock('a LERC block is broken');
  });
  const count = head.width * head.height;
  const [size, from] = [bits / 8, new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)];
  if (from.length !== count * head.bands * size || (mask && mask.length !== count))
    throw new BadBlock('a LERC block is broken');
  const out = new Uint8Array(count * values * size);
  for (let band = 0; band < head.bands; band++) {
    for (let p = 0; p < count; p++) {
      const [to, at] = [(p * values + band) * size, (band * count + p) * size];
      for (let k = 0; k < size; k++) out[to + k] = from[at + k];
    }
  }
  if (mask && isMasked) for (let p = 0; p < count; p++) out[p * values + values - 1] = mask[p] ? 255 : 0;
  else if (mask && format === 'float') markMissing(out, mask, values, size);
  else if (isMasked) for (let p = 0; p < count; p++) out[p * values + values - 1] = 255;
  return out;
}

/** Floats outside of the mask are no numbers. */
function markMissing(out: Uint8Array, mask: Uint8Array, values: number, size: number): void {
  const view = new DataView(out.buffer);
  for (let p = 0; p < mask.length; p++) {
    if (mask[p]) continue;
    for (let band = 0; band < values; band++) {
      const at = (p * values + band) * size;
      if (size === 4) view.setFloat32(at, Number.NaN, true);
      else view.setFloat64(at, Number.NaN, true);
    }
  }
}

interface Head {
  readonly version: number;
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly microBlock: number;
  readonly bytes: number;
  readonly kind: number;
}

/** The head of a LERC 2 blob; undefined where there is none. */
function headOf(blob: Uint8Array): Head | undefined {
  if (blob.length < 60 || String.fromCharCode(...blob.subarray(0, 6)) !== 'Lerc2 ') return undefined;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  const version = view.getInt32(6, true);
  // A checksum comes with version 3, the number of bands with version 4.
  const size = version >= 3 ? 14 : 10;
  const rest = size + (version >= 4 ? 12 : 8);
  return {
    version,
    height: view.getUint32(size, true),
    width: view.getUint32(size + 4, true),
    bands: version >= 4 ? view.getUint32(size + 8, true) : 1,
    microBlock: view.getInt32(rest + 4, true),
    bytes: view.getInt32(rest + 8, true),
    kind: view.getInt32(rest + 12, true),
  };
}
