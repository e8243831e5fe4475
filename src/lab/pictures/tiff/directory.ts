/** What a directory of a TIFF says, tag by tag, as plain numbers and text. The library reads it, in either byte order. */
import type { GeoTIFFImage } from 'geotiff';

export interface Directory {
  /** All numbers of a tag; empty when it is not there. */
  numbers(tag: number): Promise<number[]>;
  /** The first number of a tag. */
  number(tag: number, otherwise: number): Promise<number>;
  /** The text of a tag without the zeros at its end; empty when it is not there. */
  text(tag: number): Promise<string>;
}

/** The tags that are read, by their names in TIFF 6.0, GeoTIFF and GDAL. */
export const TAG = {
  kind: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  colours: 262,
  bitOrder: 266,
  stripOffsets: 273,
  bands: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planes: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraBands: 338,
  format: 339,
  jpegTables: 347,
  scale: 33550,
  tiePoints: 33922,
  matrix: 34264,
  geoKeys: 34735,
  geoDoubles: 34736,
  geoText: 34737,
  noData: 42113,
  cameraModel: 50844,
  lerc: 50674,
} as const;

export function directoryOf(image: GeoTIFFImage): Directory {
  const numbers = async (tag: number) => {
    const value: unknown = await image.fileDirectory.loadValue(tag);
    if (value === undefined || value === null || typeof value === 'string') return [];
    const list = typeof value === 'object' ? Array.from(value as ArrayLike<number | bigint>) : [value];
    return list.map(Number);
  };
  return {
    numbers,
    number: async (tag, otherwise) => (await numbers(tag))[0] ?? otherwise,
    text: async (tag) => {
      const value: unknown = await image.fileDirectory.loadValue(tag);
      return typeof value === 'string' ? value.replace(/\0+$/, '') : '';
    },
  };
}
