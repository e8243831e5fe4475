/**
 * Reads the first picture of a TIFF or GeoTIFF as red, green and blue bytes, and where on the earth it lies. What
 * values mean decides how they become bytes, and every picture says what was done:
 *
 *   8 bits, RGB, RGBA, grey or a palette                  as they are
 *   12 or 13 bands of 16 bits                             Sentinel-2: bands 4, 3, 2, stretched as EuroSAT was
 *   other 16-bit, 32-bit and float values                 stretched between the picture's own least and greatest
 *
 * A picture of more than three bands that does not say which are its colours shows its first three.
 */

import { fromArrayBuffer, type GeoTIFFImage } from 'geotiff';
import { BadInput, messageOf } from '../../errors';
import { sentinel2Byte } from '../bands';
import type { Affine, Georeference } from '../georeference';
import { checkSize, damaged, type Picture } from '../picture';
import { BadBlock, COMPRESSIONS, setBlockShape, useBoundedBlocks } from './blocks';
import { tiffFault } from './outline';
import { rangeByte, rangeOf } from './stretch';

const MAX_BANDS = 64;
/** The largest side of a strip or tile, in pixels, and all of one in bytes. */
const MAX_BLOCK_SIDE = 16_384;
const MAX_BLOCK_BYTES = 128 * 2 ** 20;
/** All bands together, in bytes: 13 bands of 16 bits and 3200×3200 pixels, which take seconds to unpack. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

/** Bands of Sentinel-2 in a product of 13 (L1C) or 12 (L2A) bands: red, green, blue are B04, B03, B02. */
const SENTINEL2_RGB = [3, 2, 1];

type Values = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array;

/** What the directory says, checked. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly bits: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format: number;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 6 YCbCr. */
  readonly colours: number;
  readonly blockHeight: number;
}

const unpacking = { set: false };

/**
 * @param name what to call the file in an error.
 * @throws BadInput when it is damaged, too large, or of a kind that is not read.
 */
export async function decodeTiff(bytes: Uint8Array, name: string): Promise<Picture> {
  if (!unpacking.set) useBoundedBlocks();
  unpacking.set = true;
  const fault = tiffFault(bytes);
  if (fault) throw damaged(name, fault);
  try {
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    const tiff = await fromArrayBuffer(whole.buffer as ArrayBuffer);
    const image = await tiff.getImage(0);
    const layout = await layoutOf(image, bytes.length, name);
    const { width, height } = layout;
    const pixels = await pixelsOf(image, layout, name);
    return { width, height, ...pixels, georeference: await georeferenceOf(image) };
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw damaged(name, error instanceof BadBlock ? messageOf(error) : 'its directory or a block is broken');
  }
}

/** Checks everything that would cost memory or be misread, before a block is unpacked. */
async function layoutOf(image: GeoTIFFImage, fileBytes: number, name: string): Promise<Layout> {
  const directory = image.fileDirectory;
  const number = async (tag: Parameters<typeof directory.loadValue>[0], otherwise: number) => {
    const value = await directory.loadValue(tag);
    return value === undefined
      ? otherwise
      : Number(ArrayBuffer.isView(value) || Array.isArray(value) ? (value as number[])[0] : value);
  };
  const [width, height] = [await number('ImageWidth', 0), await number('ImageLength', 0)];
  checkSize({ width, height }, name);

  const bands = await number('SamplesPerPixel', 1);
  if (bands < 1 || bands > MAX_BANDS)
    throw new BadInput(`${name} has ${bands} bands; the lab reads up to ${MAX_BANDS}.`);
  const allBits = [...((await directory.loadValue('BitsPerSample')) ?? [1])].map(Number);
  const formats = [...((await directory.loadValue('SampleFormat')) ?? [1])].map(Number);
  if (allBits.length !== 1 && allBits.length < bands)
    throw damaged(name, 'it says the bits of some bands only');
  const [bits, format] = [allBits[0], formats[0]];
  const isUniform = allBits.every((b) => b === bits) && formats.every((f) => f === format);
  const isRead =
    format === 3 ? [32, 64].includes(bits) : [1, 2].includes(format) && [8, 16, 32].includes(bits);
  if (!isUniform || !isRead || allBits.length < bands) {
    const kind =
      { 1: 'whole', 2: 'signed', 3: 'floating-point', 5: 'complex', 6: 'complex' }[format] ?? 'unknown';
    const what = isUniform ? `${kind} values of ${bits} bits` : 'values of several kinds';
    throw new BadInput(
      `${name} holds ${what}, which the lab does not read; convert it to 8 or 16 bits, or to 32-bit float.`,
    );
  }

  const colours = await number('PhotometricInterpretation', 1);
  if (![0, 1, 2, 3, 6].includes(colours)) {
    const kind =
      { 4: 'a mask', 5: 'a CMYK picture', 8: 'a CIE Lab picture' }[colours] ?? `of colour kind ${colours}`;
    throw new BadInput(`${name} is ${kind}; convert it to RGB.`);
  }
  const compression = await number('Compression', 1);
  if (!(compression in COMPRESSIONS)) {
    const kind = { 6: 'old-style JPEG', 32773: 'PackBits', 34887: 'LERC', 50000: 'ZSTD', 50001: 'WebP' }[
      compression
    ];
    throw new BadInput(
      `${name} is compressed with ${kind ?? `method ${compression}`}, which the lab does not read; ` +
        'save it with deflate (in GDAL: -co COMPRESS=DEFLATE).',
    );
  }
  if (colours === 6 && compression !== 7)
    throw new BadInput(`${name} holds YCbCr colours; convert it to RGB.`);
  if (compression === 7 && (bits !== 8 || ![1, 3].includes(image.planarConfiguration === 2 ? 1 : bands))) {
    throw new BadInput(
      `${name} holds ${bands} bands of ${bits} bits as JPEG; the lab reads 1 or 3 of 8 bits.`,
    );
  }
  // The reader swaps bytes after it has undone the prediction: right only where a value has one byte.
  if (!image.littleEndian && bits > 8 && (await number('Predictor', 1)) === 2) {
    throw new BadInput(`${name} is big-endian with a predictor; save it little-endian, or without one.`);
  }

  const [blockWidth, blockHeight] = [image.getTileWidth(), image.getTileHeight()];
  const values = image.planarConfiguration === 2 ? 1 : bands;
  const blockBytes = blockWidth * blockHeight * values * (bits / 8);
  const isTall = blockHeight > Math.max(height, MAX_BLOCK_SIDE) || blockWidth > MAX_BLOCK_SIDE;
  if (!(blockBytes > 0) || isTall || blockBytes > MAX_BLOCK_BYTES) {
    throw new BadInput(
      `${name} is stored in blocks of ${blockWidth}×${blockHeight}; save it in tiles of 256×256 (in GDAL: -co TILED=YES).`,
    );
  }
  if (width * height * values * (bits / 8) > MAX_UNPACKED_BYTES) {
    throw new BadInput(
      `${name} holds ${bands} bands of ${width}×${height} pixels, too many to unpack; cut it, or leave out bands.`,
    );
  }
  await checkBlocks(image, { width, height, bands }, fileBytes, name);
  setBlockShape(directory, {
    width: blockWidth,
    height: blockHeight,
    values,
    bytesPerValue: bits / 8,
    isYcbcr: colours === 6,
    jpegTables: (await directory.loadValue('JPEGTables')) as Uint8Array | undefined,
  });
  return { width, height, bands, bits, format, colours, blockHeight };
}

/** Every block must be there and lie within the file. */
async function checkBlocks(
  image: GeoTIFFImage,
  { width, height, bands }: Pick<Layout, 'width' | 'height' | 'bands'>,
  fileBytes: number,
  name: string,
): Promise<void> {
  const [offsetTag, countTag] = image.isTiled
    ? (['TileOffsets', 'TileByteCounts'] as const)
    : (['StripOffsets', 'StripByteCounts'] as const);
  const offsets = (await image.fileDirectory.loadValue(offsetTag)) as ArrayLike<number> | undefined;
  const counts = (await image.fileDirectory.loadValue(countTag)) as ArrayLike<number> | undefined;
  const grid = Math.ceil(width / image.getTileWidth()) * Math.ceil(height / image.getTileHeight());
  const expected = grid * (image.planarConfiguration === 2 ? bands : 1);
  if (!offsets || !counts || offsets.length < expected || counts.length < expected) {
    throw damaged(name, 'the list of its blocks is too short');
  }
  for (let i = 0; i < expected; i++) {
    if (Number(offsets[i]) + Number(counts[i]) > fileBytes)
      throw damaged(name, 'a block lies outside of the file');
  }
}

async function pixelsOf(
  image: GeoTIFFImage,
  layout: Layout,
  name: string,
): Promise<Pick<Picture, 'data' | 'notes' | 'ownRange'>> {
  const { width, height, bands, bits, format, colours } = layout;
  const count = width * height;
  const isBytes = bits === 8 && format === 1;
  const isSentinel2 = bits === 16 && format === 1 && (bands === 12 || bands === 13);
  const chosen = isSentinel2 ? SENTINEL2_RGB : bands >= 3 && colours !== 3 ? [0, 1, 2] : [0];
  const notes: string[] = [];
  if (isSentinel2) {
    notes.push(
      'bands 4, 3 and 2 were stretched as EuroSAT stretched its Sentinel-2 tiles (reflectance 0 to 0.275)',
    );
  } else if (bands === 4 && colours === 2 && (image.fileDirectory.getValue('ExtraSamples')?.[0] ?? 0) !== 0) {
    notes.push('transparency was dropped');
  } else if (chosen.length < bands) {
    notes.push(
      chosen.length === 1
        ? `of ${bands} bands the first is shown`
        : `of ${bands} bands the first three are shown`,
    );
  }

  const values = await bandsOf(image, layout, chosen);
  if (colours === 3) {
    if (!isBytes) throw new BadInput(`${name} has a palette of ${bits} bits; convert it to RGB.`);
    const map = (await image.fileDirectory.loadValue('ColorMap')) as ArrayLike<number> | undefined;
    if (!map || map.length < 768) throw damaged(name, 'its palette is missing');
    // 16 bits per colour, all reds first.
    const byPalette = (channel: number) => (value: number) => map[256 * channel + value] >> 8;
    return {
      data: interleaveBands(values, count, [byPalette(0), byPalette(1), byPalette(2)]),
      notes,
      ownRange: false,
    };
  }

  const inverted = (toByte: (value: number) => number) =>
    colours === 0 ? (value: number) => 255 - toByte(value) : toByte;
  if (isBytes) return { data: interleaveBands(values, count, [inverted((v) => v)]), notes, ownRange: false };
  if (isSentinel2) return { data: interleaveBands(values, count, [sentinel2Byte]), notes, ownRange: false };

  const noData = image.getGDALNoData();
  const isKnown = (value: number) => Number.isFinite(value) && value !== noData;
  const range = rangeOf(values, isKnown);
  if (!range) throw new BadInput(`${name} holds no value that is a number; give a picture with data in it.`);
  const { least, greatest } = range;
  notes.push(
    `values were stretched between the picture's own least and greatest, ${short(least)} and ${short(greatest)}`,
  );
  if (values.some((band) => !band.every(isKnown))) notes.push('pixels without a value are black');
  const toByte = inverted((value) => rangeByte(value, least, greatest));
  return {
    data: interleaveBands(values, count, [(value) => (isKnown(value) ? toByte(value) : 0)]),
    notes,
    ownRange: true,
  };
}

/** The chosen bands, read row of blocks by row of blocks, so that no more than one is unpacked at a time. */
async function bandsOf(image: GeoTIFFImage, layout: Layout, chosen: readonly number[]): Promise<Values[]> {
  const { width, height, blockHeight } = layout;
  const out = chosen.map((band) => image.getArrayForSample(band, width * height) as Values);
  // Many blocks are one strip of a few rows: several at a time.
  const rows = Math.max(blockHeight, Math.floor(64 / blockHeight) * blockHeight);
  for (let top = 0; top < height; top += rows) {
    const bottom = Math.min(height, top + rows);
    const part = await image.readRasters({ window: [0, top, width, bottom], samples: [...chosen] });
    out.forEach((band, i) => {
      band.set(part[i] as Values, top * width);
    });
  }
  return out;
}

/** One byte function for all channels, or one each; one band becomes grey. */
function interleaveBands(
  bands: readonly Values[],
  count: number,
  toByte: readonly ((value: number) => number)[],
): Uint8Array {
  const out = new Uint8Array(count * 3);
  for (let c = 0; c < 3; c++) {
    const band = bands[c] ?? bands[0];
    const byte = toByte[c] ?? toByte[0];
    for (let p = 0; p < count; p++) out[3 * p + c] = byte(band[p]);
  }
  return out;
}

/** Null where the file says nothing, or by ground control points only. */
async function georeferenceOf(image: GeoTIFFImage): Promise<Georeference | null> {
  const numbers = async (tag: GeoTag) =>
    Array.from(((await image.fileDirectory.loadValue(tag)) as ArrayLike<number> | undefined) ?? [], Number);
  const directory = await numbers('GeoKeyDirectory');
  const affine = affineOf(
    await numbers('ModelTransformation'),
    await numbers('ModelPixelScale'),
    await numbers('ModelTiepoint'),
    geoKey(directory, 1025) === 2,
  );
  if (!affine) return null;
  const code = geoKey(directory, 3072) ?? geoKey(directory, 2048);
  const ascii = await image.fileDirectory.loadValue('GeoAsciiParams');
  return {
    affine,
    // 32767 stands for "described below".
    epsg: code !== undefined && code > 0 && code < 32767 ? code : null,
    keys: {
      directory,
      doubles: await numbers('GeoDoubleParams'),
      ascii: typeof ascii === 'string' ? ascii : '',
    },
  };
}

type GeoTag =
  | 'ModelTransformation'
  | 'ModelPixelScale'
  | 'ModelTiepoint'
  | 'GeoKeyDirectory'
  | 'GeoDoubleParams';

/** From a matrix, or a scale and one tie point. `isPoint`: coordinates name the centre of a pixel, not its corner. */
function affineOf(matrix: number[], scale: number[], tie: number[], isPoint: boolean): Affine | undefined {
  let affine: Affine;
  if (matrix.length === 16) affine = [matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]];
  else if (scale.length >= 2 && tie.length === 6) {
    const [sx, sy] = scale;
    affine = [tie[3] - tie[0] * sx, sx, 0, tie[4] + tie[1] * sy, 0, -sy];
  } else return undefined;
  if (isPoint) {
    const [x, a, b, y, d, e] = affine;
    affine = [x - (a + b) / 2, a, b, y - (d + e) / 2, d, e];
  }
  return affine.every(Number.isFinite) ? affine : undefined;
}

/** A geo key whose value is a number in the directory itself: entries of four (key, where, count, value) after a head. */
function geoKey(directory: readonly number[], key: number): number | undefined {
  for (let i = 4; i + 3 < directory.length; i += 4) {
    if (directory[i] === key && directory[i + 1] === 0) return directory[i + 3];
  }
  return undefined;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
