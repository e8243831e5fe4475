/** How the samples of a TIFF lie in its file: everything that would cost memory or be misread is checked before a block is. */

import { BadInput } from '../../errors';
import { checkSize, damaged } from '../picture';
import { COMPRESSIONS, FORESEEN } from './compressions';
import { type Directory, TAG } from './directory';

const MAX_BANDS = 64;
/** The largest side of a strip or tile, in pixels, and all of one in bytes. */
const MAX_BLOCK_SIDE = 16_384;
const MAX_BLOCK_BYTES = 128 * 2 ** 20;
/** All bands together, in bytes: 13 bands of 16 bits and 3200×3200 pixels, which take seconds to unpack. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly bits: number;
  readonly format: 'unsigned' | 'signed' | 'float';
  readonly colours: number;
  readonly compression: number;
  /** 1 none, 2 differences of neighbours, 3 the same of floats with their bytes apart. */
  readonly predictor: number;
  readonly isLittleEndian: boolean;
  /** Whether each byte of a block has its least bit first (FillOrder 2). */
  readonly isBitReversed: boolean;
  /** Bands one after the other, each in blocks of its own. */
  readonly isPlanar: boolean;
  readonly isTiled: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Values of a pixel in one block. */
  readonly values: number;
  /** Where each block lies and how many bytes it has; none for a block that is left out. */
  readonly offsets: readonly number[];
  readonly counts: readonly number[];
  /** What the bands after the colours are: 1 and 2 are alpha. */
  readonly extraBands: readonly number[];
  readonly jpegTables: Uint8Array | null;
  /** Of LERC: how its blobs are packed once more: 0 not, 1 deflate, 2 ZSTD. */
  readonly lercPacking: number;
}

/** Bytes of one row of a block. */
export function rowBytes({ blockWidth, values, bits }: Layout): number {
  return Math.ceil((blockWidth * values * bits) / 8);
}

/** Rows of the block that begins at a row: the last strip is cut, tiles are whole. */
export function rowsFrom(layout: Layout, top: number): number {
  return layout.isTiled ? layout.blockHeight : Math.min(layout.blockHeight, layout.height - top);
}

/**
 * @param isMask whether it is the mask of another picture, which is no picture by itself.
 * @throws BadInput when it is damaged, too large, or of a kind that is not read.
 */
export async function layoutOf(
  directory: Directory,
  { isLittleEndian, fileBytes }: { isLittleEndian: boolean; fileBytes: number },
  name: string,
  isMask = false,
): Promise<Layout> {
  const { number, numbers } = directory;
  const [width, height] = [await number(TAG.width, 0), await number(TAG.height, 0)];
  checkSize({ width, height }, name);
  const bands = await number(TAG.bands, 1);
  if (bands < 1 || bands > MAX_BANDS)
    throw new BadInput(`${name} has ${bands} bands; the lab reads up to ${MAX_BANDS}.`);
  const { bits, format } = await valuesOf(directory, bands, name);
  const compression = await number(TAG.compression, 1);
  const colours = await number(TAG.colours, 1);
  checkColours(isMask ? 1 : colours, compression, name);
  const packing = COMPRESSIONS[compression];
  const predictor = packing.isPredicted ? await number(TAG.predictor, 1) : 1;
  checkPredictor(predictor, bits, format, name);

  const planes = await number(TAG.planes, 1);
  if (planes !== 1 && planes !== 2) throw damaged(name, `its planar configuration is ${planes}`);
  const isPlanar = planes === 2 && bands > 1;
  const values = isPlanar ? 1 : bands;
  const fault = packing.fault?.({ bits, format, values });
  if (fault)
    throw new BadInput(`${name} holds ${fault}; save it with deflate (in GDAL: -co COMPRESS=DEFLATE).`);

  const isTiled = (await numbers(TAG.stripOffsets)).length === 0;
  const rows = await number(TAG.rowsPerStrip, height);
  const [blockWidth, blockHeight] = isTiled
    ? [await number(TAG.tileWidth, 0), await number(TAG.tileHeight, 0)]
    : [width, rows === 0 ? height : Math.min(rows, height)];
  const blockBytes = blockHeight * Math.ceil((blockWidth * values * bits) / 8);
  const isTall =
    blockHeight > Math.max(height, MAX_BLOCK_SIDE) || blockWidth > Math.max(width, MAX_BLOCK_SIDE);
  if (!(blockBytes > 0) || isTall || blockBytes > MAX_BLOCK_BYTES) {
    throw new BadInput(
      `${name} is stored in blocks of ${blockWidth}×${blockHeight}; save it in tiles of 256×256 (in GDAL: -co TILED=YES).`,
    );
  }
  if ((width * height * values * bits) / 8 > MAX_UNPACKED_BYTES) {
    throw new BadInput(
      `${name} holds ${bands} bands of ${width}×${height} pixels, too many to unpack; cut it, or leave out bands.`,
    );
  }
  const offsets = await numbers(isTiled ? TAG.tileOffsets : TAG.stripOffsets);
  const counts = await numbers(isTiled ? TAG.tileBytes : TAG.stripBytes);
  const blocks = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight) * (isPlanar ? bands : 1);
  checkBlocks(offsets, counts, blocks, fileBytes, name);
  const tables = await numbers(TAG.jpegTables);
  return {
    ...{ width, height, bands, bits, format, colours, compression, predictor, isLittleEndian },
    ...{ isPlanar, isTiled, blockWidth, blockHeight, values, offsets, counts },
    // JPEG and WebP are streams of their own.
    isBitReversed: ![7, 50001].includes(compression) && (await number(TAG.bitOrder, 1)) === 2,
    extraBands: await numbers(TAG.extraBands),
    jpegTables: tables.length > 0 ? Uint8Array.from(tables) : null,
    lercPacking: (await numbers(TAG.lerc))[1] ?? 0,
  };
}

/** All bands have the same kind of values: no reader knows others. */
async function valuesOf(
  { numbers }: Directory,
  bands: number,
  name: string,
): Promise<Pick<Layout, 'bits' | 'format'>> {
  const some = (list: number[], otherwise: number) => (list.length > 0 ? list : [otherwise]);
  const allBits = some(await numbers(TAG.bits), 1);
  const formats = some(await numbers(TAG.format), 1);
  if (allBits.length !== 1 && allBits.length < bands)
    throw damaged(name, 'it says the bits of some bands only');
  const [bits, format] = [allBits[0], formats[0]];
  const isUniform = allBits.every((b) => b === bits) && formats.every((f) => f === format);
  const kind = { 1: 'whole', 2: 'signed', 3: 'floating-point', 4: 'whole', 5: 'complex', 6: 'complex' }[
    format
  ];
  const isRead =
    kind === 'whole'
      ? (bits >= 1 && bits <= 32) || bits === 64
      : kind === 'signed'
        ? [8, 16, 32, 64].includes(bits)
        : kind === 'floating-point' && [16, 24, 32, 64].includes(bits);
  if (!isUniform || !isRead) {
    const what = isUniform ? `${kind ?? 'unknown'} values of ${bits} bits` : 'values of several kinds';
    throw new BadInput(
      `${name} holds ${what}, which the lab does not read; convert it to 8 or 16 bits, or to 32-bit float.`,
    );
  }
  return { bits, format: kind === 'signed' ? 'signed' : kind === 'whole' ? 'unsigned' : 'float' };
}

function checkColours(colours: number, compression: number, name: string): void {
  if (![0, 1, 2, 3, 6].includes(colours)) {
    const kind =
      {
        4: 'a mask',
        5: 'a CMYK picture',
        8: 'a CIE Lab picture',
        9: 'an ICC Lab picture',
        32803: 'a raw camera picture',
      }[colours] ?? `of colour kind ${colours}`;
    throw new BadInput(`${name} is ${kind}; convert it to RGB.`);
  }
  if (!(compression in COMPRESSIONS)) {
    throw new BadInput(
      `${name} is compressed with ${FORESEEN[compression] ?? `method ${compression}`}, which the lab does not read; ` +
        'save it with deflate (in GDAL: -co COMPRESS=DEFLATE).',
    );
  }
  if (colours === 6 && compression !== 7)
    throw new BadInput(`${name} holds YCbCr colours; convert it to RGB.`);
}

function checkPredictor(predictor: number, bits: number, format: Layout['format'], name: string): void {
  const isRead =
    predictor === 1 ||
    (predictor === 2 && [8, 16, 32, 64].includes(bits)) ||
    (predictor === 3 && format === 'float');
  if (!isRead) {
    throw new BadInput(
      `${name} was packed by predictor ${predictor}, which values of ${bits} bits do not have; save it without one.`,
    );
  }
}

/** Every block must be there, or be left out on purpose, and lie within the file. */
function checkBlocks(
  offsets: readonly number[],
  counts: readonly number[],
  expected: number,
  fileBytes: number,
  name: string,
): void {
  if (offsets.length < expected || counts.length < expected)
    throw damaged(name, 'the list of its blocks is too short');
  for (let i = 0; i < expected; i++) {
    if (offsets[i] + counts[i] > fileBytes) throw damaged(name, 'a block lies outside of the file');
  }
}
