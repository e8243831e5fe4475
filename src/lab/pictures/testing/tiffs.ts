/** Small TIFFs of every layout, for tests only. */

import { deflate } from 'pako';
import { type TiffField, tiffFile } from '../tiff/file';

export interface TiffSketch {
  readonly width: number;
  readonly height: number;
  readonly bands?: number;
  readonly bits?: 8 | 16 | 32 | 64;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format?: 1 | 2 | 3;
  /** 1 none, 8 deflate; others are claimed, the blocks being as they are. */
  readonly compression?: number;
  readonly colours?: number;
  readonly predictor?: 2;
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
  return tiffFile(all, blocks, tile !== undefined);
}

function* blocksOf(
  sketch: TiffSketch,
  blockWidth: number,
  blockHeight: number,
  value: (x: number, y: number, band: number) => number,
): Generator<Uint8Array> {
  const { width, height, bands = 1, bits = 8, format = 1, compression = 1, tile } = sketch;
  const groups = sketch.isPlanar
    ? [...Array(bands).keys()].map((band) => [band])
    : [[...Array(bands).keys()]];
  const bytesPer = bits / 8;
  for (const group of groups) {
    for (let top = 0; top < height; top += blockHeight) {
      const rows = tile ? blockHeight : Math.min(blockHeight, height - top);
      for (let left = 0; left < width; left += blockWidth) {
        const bytes = new Uint8Array(rows * blockWidth * group.length * bytesPer);
        const view = new DataView(bytes.buffer);
        let at = 0;
        for (let y = top; y < top + rows; y++) {
          for (let x = left; x < left + blockWidth; x++) {
            for (const band of group) {
              const isInside = x < width && y < height;
              const before = sketch.predictor && x > left ? value(x - 1, y, band) : 0;
              const raw = isInside ? value(x, y, band) - before : 0;
              if (format === 3 && bits === 64) view.setFloat64(at, raw, true);
              else if (format === 3) view.setFloat32(at, raw, true);
              else if (bits === 8) view.setUint8(at, raw);
              else if (bits === 16) view.setUint16(at, raw, true);
              else view.setUint32(at, raw, true);
              at += bytesPer;
            }
          }
        }
        yield compression === 8 || compression === 32946 ? deflate(bytes) : bytes;
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
