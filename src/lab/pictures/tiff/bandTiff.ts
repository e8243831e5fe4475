/** Reads bands of a TIFF that are chosen by number, as bytes that can be compared between files (see bands.ts). */
import { BadInput } from '../../errors';
import { type Bands, type BandWish, bandWords, byteOf, numbersOf } from '../bands';
import type { Picture } from '../picture';
import { emptyOf } from './missing';
import { openRaster } from './rasterFile';

/** A picture of bands: height × width × channels bytes. */
export interface BandPicture extends Picture {
  readonly channels: number;
  readonly bands: Bands;
}

/**
 * @param name what to call the file in an error.
 * @param read the bands that a network reads, where it is for one: then the file must have as many.
 * @throws BadInput where it does not have these bands, or values that nothing fixed makes bytes of; and as `openRaster`.
 */
export async function decodeTiffBands(
  bytes: Uint8Array,
  name: string,
  wish: BandWish,
  read?: Bands,
): Promise<BandPicture> {
  const raster = await openRaster(bytes, name);
  const { width, height, bits, format, alpha, palette, georeference } = raster;
  const of = raster.bands - (alpha === null ? 0 : 1);
  if (read && read.of !== of) {
    throw new BadInput(`The network reads bands ${bandWords(read)}, but ${name} has ${of}.`);
  }
  const numbers = numbersOf(wish, of, name);
  const shown = numbers.map((number) => byteOf({ of, bits }, number));
  if (palette) throw new BadInput(`${name} has a palette, and so no bands to choose from.`);
  if (format !== 'unsigned' || shown.includes(null)) {
    throw new BadInput(
      `${name} has ${of} bands of ${bits} bits (${format}); bands are chosen from files of 8 bits, or from the 12 or 13 bands ` +
        'of Sentinel-2 in 16: convert all to 8 bits in one way.',
    );
  }
  // A band that stands behind alpha is one further in the file.
  const places = numbers.map((number) => (alpha !== null && number > alpha ? number : number - 1));
  const found = await raster.read(places);
  const channels = numbers.length;
  const data = new Uint8Array(width * height * channels);
  found.forEach(({ values }, c) => {
    const byte = shown[c]!;
    for (let p = 0; p < width * height; p++) data[p * channels + c] = byte(values[p]);
  });
  const empty = await emptyOf(raster, found);
  return {
    ...{ width, height, data, channels, bands: { of, numbers }, georeference },
    ...(empty && { empty }),
    ...{ notes: [], ownRange: false },
  };
}
