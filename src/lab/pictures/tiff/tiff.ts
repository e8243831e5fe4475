/**
 * Reads the first picture of a TIFF or GeoTIFF as red, green and blue bytes, and where on the earth it lies. What
 * values mean decides how they become bytes, and every picture says what was done:
 *
 *   8 bits, RGB, RGBA, grey or a palette                  as they are; of fewer bits, spread to 0 … 255
 *   12 or 13 bands of 16 bits                             Sentinel-2: bands 4, 3, 2, stretched as EuroSAT was
 *   signed values, floats, other ones of more bits        stretched between the picture's own least and greatest
 *
 * A picture of more than three bands that does not say which are its colours shows its first three.
 */

import { BadInput } from '../../errors';
import { isSentinel2 as isOfSentinel2, sentinel2Byte } from '../bands';
import { damaged, type Picture } from '../picture';
import type { Band, RasterFile } from '../raster';
import { emptyOf } from './missing';
import { openRaster } from './rasterFile';
import { rangeByte, rangeOf } from './stretch';

/** Bands of Sentinel-2 in a product of 13 (L1C) or 12 (L2A) bands: red, green, blue are B04, B03, B02. */
const SENTINEL2_RGB = [3, 2, 1];

/**
 * @param name what to call the file in an error.
 * @throws BadInput when it is damaged, too large, or of a kind that is not read.
 */
export async function decodeTiff(bytes: Uint8Array, name: string): Promise<Picture> {
  const raster = await openRaster(bytes, name);
  const { width, height, georeference, placeNotes } = raster;
  const { read, ...pixels } = await pixelsOf(raster, name);
  const empty = await emptyOf(raster, read);
  return {
    ...{ width, height, ...pixels, georeference },
    ...(empty && { empty }),
    ...(placeNotes.length > 0 && { placeNotes }),
  };
}

async function pixelsOf(
  raster: RasterFile,
  name: string,
): Promise<Pick<Picture, 'data' | 'notes' | 'ownRange'> & { readonly read: readonly Band[] }> {
  const { width, height, bands, bits, format, colours, alpha } = raster;
  const count = width * height;
  const isBytes = bits <= 8 && format === 'unsigned';
  const isSentinel2 = bits === 16 && format === 'unsigned' && isOfSentinel2(bands);
  const chosen = isSentinel2 ? SENTINEL2_RGB : bands >= 3 && colours !== 3 ? [0, 1, 2] : [0];
  const notes: string[] = [];
  if (isSentinel2) {
    notes.push(
      'bands 4, 3 and 2 were stretched as EuroSAT stretched its Sentinel-2 tiles (reflectance 0 to 0.275)',
    );
  } else if (bands === 4 && colours === 2 && alpha === 3) {
    notes.push('transparency was dropped');
  } else if (chosen.length < bands) {
    notes.push(
      chosen.length === 1
        ? `of ${bands} bands the first is shown`
        : `of ${bands} bands the first three are shown`,
    );
  }

  const read = await raster.read(chosen);
  if (colours === 3) return { data: paletteColours(raster, read[0], name), notes, ownRange: false, read };
  const inverted = (toByte: (value: number) => number) =>
    colours === 0 ? (value: number) => 255 - toByte(value) : toByte;
  if (isBytes) {
    const most = 2 ** bits - 1;
    const toByte =
      bits === 8 ? (value: number) => value : (value: number) => Math.round((255 * value) / most);
    return { data: interleaveBands(read, count, inverted(toByte)), notes, ownRange: false, read };
  }
  if (isSentinel2) return { data: interleaveBands(read, count, sentinel2Byte), notes, ownRange: false, read };

  const range = rangeOf(read);
  if (!range) throw new BadInput(`${name} holds no value that is a number; give a picture with data in it.`);
  const { least, greatest } = range;
  notes.push(
    `values were stretched between the picture's own least and greatest, ${short(least)} and ${short(greatest)}`,
  );
  if (read.some(({ known }) => known)) notes.push('pixels without a value are black');
  const toByte = inverted((value) => rangeByte(value, least, greatest));
  return { data: interleaveBands(read, count, toByte, true), notes, ownRange: true, read };
}

function paletteColours({ bits, format, palette }: RasterFile, { values }: Band, name: string): Uint8Array {
  if (bits > 16 || format !== 'unsigned')
    throw new BadInput(`${name} has a palette of ${bits} bits; convert it to RGB.`);
  const size = 2 ** bits;
  if (!palette || palette.length < 3 * size) throw damaged(name, 'its palette is missing');
  const out = new Uint8Array(values.length * 3);
  for (let p = 0; p < values.length; p++) {
    for (let c = 0; c < 3; c++) out[3 * p + c] = palette[c * size + values[p]] >> 8;
  }
  return out;
}

/** One band becomes grey. `isBlackened`: where there is no value, the byte is 0. */
function interleaveBands(
  bands: readonly Band[],
  count: number,
  toByte: (value: number) => number,
  isBlackened = false,
): Uint8Array {
  const out = new Uint8Array(count * 3);
  for (let c = 0; c < 3; c++) {
    const { values, known } = bands[c] ?? bands[0];
    for (let p = 0; p < count; p++)
      out[3 * p + c] = isBlackened && known && !known[p] ? 0 : toByte(values[p]);
  }
  return out;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
