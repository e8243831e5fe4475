/** Small TIFFs of every layout, for tests only. */

import { deflate } from 'pako';
import { type TiffField, tiffFile } from '../tiff/file';

export interface TiffSketch {
  readonly width: number;
  readonly height: number;
  readonly bands?: number;
  /** Any width of whole numbers; 32 or 64 of floats. */
  readonly bits?: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format?: 1 | 2 | 3;
  /** 1 none, 8 deflate; others are claimed, the blocks being as they are. */
  readonly compression?: number;
  readonly colours?: number;
  readonly predictor?: 2 | 3;
  readonly isBigEndian?: boolean;
  /** Side of a tile; strips of 3 rows otherwise. */
  readonly tile?: number;
  /** Bands one after the other. */
  readonly isPlanar?: boolean;
  readonly fields?: readonly TiffField[];
  /** In place of the ones made from the values. */
  readonly blocks?: readonly Uint8Array[];
}

/** `value(x, y, band)` laid out as the sketch says. */
export function tiffOf(
  sketch: TiffSketch,
  value: (x: number, y: number, band: number) => number = () => 0,
): Uint8Array {
  const { width, height, bands = 1, bits = 8, format = 1, compression = 1, tile } = sketch;
  const field = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'long', values });
  const [blockWidth, blockHeight] = tile ? [tile, tile] : [width, 3];
  const fields = [
    field(256, width),
    field(257, height),
    { tag: 258, type: 'short', values: new Array(bands).fill(bits) } as const,
    field(259, compression),
    field(262, sketch.colours ?? (bands >= 3 ? 2 : 1)),
    field(277, bands),
    field(284, sketch.isPlanar ? 2 : 1),
    { tag: 339, type: 'short', values: new Array(bands).fill(format) } as const,
    ...(tile ? [field(322, tile), field(323, tile)] : [field(278, blockHeight)]),
    ...(sketch.predictor ? [field(317, sketch.predictor)] : []),
  ];
  const own = new Set(sketch.fields?.map(({ tag }) => tag));
  const all = [...fields.filter(({ tag }) => !own.has(tag)), ...(sketch.fields ?? [])];
  const blocks = sketch.blocks ?? [...blocksOf(sketch, blockWidth, blockHeight, value)];
  const file = tiffFile(all, blocks, tile !== undefined);
  return sketch.isBigEndian ? asBigEndian(file) : file;
}

function* blocksOf(
  sketch: TiffSketch,
  blockWidth: number,
  blockHeight: number,
  value: (x: number, y: number, band: number) => number,
): Generator<Uint8Array> {
  const { width, height, bands = 1, compression = 1, tile } = sketch;
  const groups = sketch.isPlanar
    ? [...Array(bands).keys()].map((band) => [band])
    : [[...Array(bands).keys()]];
  for (const group of groups) {
    for (let top = 0; top < height; top += blockHeight) {
      const rows = tile ? blockHeight : Math.min(blockHeight, height - top);
      for (let left = 0; left < width; left += blockWidth) {
        const bytes = Array.from({ length: rows }, (_, row) => {
          const y = top + row;
          const values: number[] = [];
          for (let x = left; x < left + blockWidth; x++)
            for (const band of group) values.push(x < width && y < height ? value(x, y, band) : 0);
          return rowOf(values, group.length, sketch);
        }).flat();
        const block = Uint8Array.from(bytes);
        yield compression === 8 || compression === 32946 ? deflate(block) : block;
      }
    }
  }
}

/** A TIFF with a mask behind it as GDAL writes one: a directory of its own, 1 where the picture counts. */
export function withMask(
  picture: Uint8Array,
  { width, height }: Pick<TiffSketch, 'width' | 'height'>,
  isValid: (x: number, y: number) => boolean,
): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const bits = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (isValid(x, y)) bits[y * rowBytes + (x >> 3)] |= 0x80 >> (x & 7);
  }
  const field = (tag: number, value: number): TiffField => ({ tag, type: 'long', values: [value] });
  const fields = [field(254, 4), field(256, width), field(257, height), field(258, 1), field(259, 1)];
  const mask = tiffFile([...fields, field(262, 4), field(277, 1), field(278, height)], [bits]);
  const base = picture.length + (picture.length % 2);
  const whole = new Uint8Array(base + mask.length);
  whole.set(picture);
  whole.set(mask, base);
  const view = new DataView(whole.buffer);
  // Its one strip begins after all that lies in front of it now; every other value stands in the directory itself.
  const entries = view.getUint16(base + 8, true);
  for (let i = 0; i < entries; i++) {
    const at = base + 10 + 12 * i;
    if (view.getUint16(at, true) === 273) view.setUint32(at + 8, view.getUint32(at + 8, true) + base, true);
  }
  view.setUint32(10 + 12 * view.getUint16(8, true), base + 8, true);
  return whole;
}

/** The bytes of one row, predicted and in the sketch's order, by the definitions (TIFF 6.0, TIFF Technical Note 3). */
function rowOf(values: readonly number[], stride: number, sketch: TiffSketch): number[] {
  const { bits = 8, format = 1, predictor, isBigEndian } = sketch;
  const words = values.map((value) => wordOf(value, bits, format));
  if (bits % 8 !== 0) {
    const text = words.map((word) => word.toString(2).padStart(bits, '0')).join('');
    return (text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
  }
  const size = bits / 8;
  const bytesOf = (word: bigint) =>
    Array.from({ length: size }, (_, k) => Number((word >> BigInt(8 * k)) & 255n));
  if (predictor === 3) {
    // Most significant bytes of all values first, then the next ones; each byte less the one of the pixel before.
    const planes = Array.from({ length: size }, (_, k) =>
      words.map((word) => bytesOf(word)[size - 1 - k]),
    ).flat();
    return planes.map((byte, i) => (byte - (i >= stride ? planes[i - stride] : 0)) & 255);
  }
  const differences =
    predictor === 2
      ? words.map((word, i) => BigInt.asUintN(bits, word - (i >= stride ? words[i - stride] : 0n)))
      : words;
  return differences.flatMap((word) => (isBigEndian ? bytesOf(word).reverse() : bytesOf(word)));
}

/** The bits of a value. */
function wordOf(value: number, bits: number, format: number): bigint {
  if (format !== 3) return BigInt.asUintN(bits, BigInt(Math.trunc(value)));
  const view = new DataView(new ArrayBuffer(8));
  if (bits === 64) view.setFloat64(0, value);
  else view.setFloat32(0, value);
  return bits === 64 ? view.getBigUint64(0) : BigInt(view.getUint32(0));
}

/** The same file in the other byte order; the blocks are as they are. */
function asBigEndian(file: Uint8Array): Uint8Array {
  const out = file.slice();
  const [from, to] = [new DataView(file.buffer, file.byteOffset), new DataView(out.buffer)];
  const u16 = (at: number) => to.setUint16(at, from.getUint16(at, true));
  const u32 = (at: number) => to.setUint32(at, from.getUint32(at, true));
  out.set([0x4d, 0x4d]);
  u16(2);
  u32(4);
  const start = from.getUint32(4, true);
  u16(start);
  const entries = from.getUint16(start, true);
  for (let i = 0; i < entries; i++) {
    const at = start + 2 + 12 * i;
    const [type, count] = [from.getUint16(at + 2, true), from.getUint32(at + 4, true)];
    const size = { 3: 2, 4: 4, 12: 8 }[type] ?? 1;
    u16(at);
    u16(at + 2);
    u32(at + 4);
    const isInside = size * count <= 4;
    if (!isInside) u32(at + 8);
    const values = isInside ? at + 8 : from.getUint32(at + 8, true);
    for (let k = 0; k < count; k++) {
      if (size === 2) u16(values + 2 * k);
      else if (size === 4) u32(values + 4 * k);
      else if (size === 8) to.setFloat64(values + 8 * k, from.getFloat64(values + 8 * k, true));
    }
  }
  u32(start + 2 + 12 * entries);
  return out;
}
