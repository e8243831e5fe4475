/**
 * How the blocks (strips or tiles) of a TIFF are unpacked. None becomes more than the directory promises, so a few bytes
 * cannot become gigabytes, and a block that holds too little is an error. Where the library's own decoder can be told
 * that bound it is used (ZSTD, LERC); the others unpack whatever a block claims to hold, so they are not.
 */

import { jpegPixels, webpPixels } from '../codecs/codecs';
import { jpegFrame, webpFrame } from '../codecs/frame';
import { inflate } from '../codecs/inflate';
import { BadBlock } from './badBlock';
import { type Layout, rowBytes } from './layout';
import { unpackLerc } from './lerc';
import { decodeLzw } from './lzw';
import { decodePackBits } from './packBits';
import { decodeZstd } from './zstd';

/**
 * The bytes of a block, before any prediction is undone.
 *
 * @param rows how many rows the block must hold; it may hold as many as a whole block.
 * @throws BadBlock when it is broken, or holds more or less.
 */
export async function unpackBlock(packed: Uint8Array, layout: Layout, rows: number): Promise<Uint8Array> {
  const most = rowBytes(layout) * layout.blockHeight;
  const block = layout.isBitReversed ? packed.map(reversedBits) : packed;
  const bytes = await unpack(block, layout, rows, most);
  if (bytes.length < rowBytes(layout) * rows) throw new BadBlock('a block holds less than its size');
  return bytes;
}

function reversedBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}

async function unpack(packed: Uint8Array, layout: Layout, rows: number, most: number): Promise<Uint8Array> {
  switch (layout.compression) {
    case 5:
      return must(decodeLzw(packed, most), lzwFault(packed));
    case 7:
      return jpegBlock(packed, layout);
    case 8:
    case 32946:
      return unzip(packed, most);
    case 32773:
      return must(decodePackBits(packed, most), 'a block unpacks to more than its size');
    case 34887: {
      const { lercPacking } = layout;
      // A blob is never larger than its values, apart from its head.
      const mostBlob = most + 4096;
      const blob =
        lercPacking === 1
          ? unzip(packed, mostBlob)
          : lercPacking === 2
            ? await decodeZstd(packed, mostBlob)
            : packed;
      return unpackLerc(must(blob, 'a ZSTD block is broken'), layout, rows);
    }
    case 50000:
      return must(await decodeZstd(packed, most), 'a ZSTD block is broken');
    case 50001:
      return webpBlock(packed, layout);
    default:
      // A copy: what is undone later is undone in place.
      return packed.slice(0, most);
  }
}

function must(bytes: Uint8Array | undefined, fault: string): Uint8Array {
  if (!bytes) throw new BadBlock(fault);
  return bytes;
}

/** Codes that begin with the least bit are those of writers before 1992. */
function lzwFault(packed: Uint8Array): string {
  return packed[0] === 0 && (packed[1] & 1) === 1
    ? 'it is packed by LZW of the old style'
    : 'an LZW block is broken';
}

function unzip(packed: Uint8Array, most: number): Uint8Array {
  const bytes = inflate(packed, most);
  if (bytes === 'larger') throw new BadBlock('a block unpacks to more than its size');
  if (bytes === 'broken') throw new BadBlock('a deflated block is broken');
  return bytes;
}

/** By the same codec as every JPEG, and as strictly. */
async function jpegBlock(packed: Uint8Array, layout: Layout): Promise<Uint8Array> {
  const bytes = wholeJpeg(packed, layout);
  const frame = jpegFrame(bytes);
  if (!frame || frame.width !== layout.blockWidth || frame.height > layout.blockHeight)
    throw new BadBlock('a JPEG block has another size than its tile');
  const rgba = await jpegPixels(bytes);
  if (!rgba) throw new BadBlock('a JPEG block is broken');
  return firstOf(rgba, layout.values);
}

/** A stream of its own: with the shared tables, and an Adobe marker that says which colours are meant. */
function wholeJpeg(block: Uint8Array, { colours, jpegTables }: Layout): Uint8Array {
  if (block[0] !== 0xff || block[1] !== 0xd8) throw new BadBlock('a JPEG block has no beginning');
  const adobe = [0xff, 0xee, 0, 14, ...[...'Adobe'].map((c) => c.charCodeAt(0)), 0, 100, 0, 0, 0, 0];
  const head = [0xff, 0xd8, ...adobe, colours === 6 ? 1 : 0];
  // Both ends of the tables are taken off: begin and end of image.
  const tables = jpegTables ? jpegTables.subarray(2, jpegTables.length - 2) : new Uint8Array(0);
  const whole = new Uint8Array(head.length + tables.length + block.length - 2);
  whole.set(head);
  whole.set(tables, head.length);
  whole.set(block.subarray(2), head.length + tables.length);
  return whole;
}

async function webpBlock(packed: Uint8Array, layout: Layout): Promise<Uint8Array> {
  const frame = webpFrame(packed);
  if (!frame || frame.refused || frame.width !== layout.blockWidth || frame.height > layout.blockHeight)
    throw new BadBlock('a WebP block has another size than its tile');
  const rgba = await webpPixels(packed);
  if (!rgba || rgba.width !== frame.width || rgba.height !== frame.height)
    throw new BadBlock('a WebP block is broken');
  return firstOf(rgba, layout.values);
}

/** The first values of every RGBA pixel. */
function firstOf({ data, width, height }: ImageData, values: number): Uint8Array {
  const out = new Uint8Array(width * height * values);
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < values; c++) out[p * values + c] = data[4 * p + c];
  }
  return out;
}
