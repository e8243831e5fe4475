/** A class map as a file: GeoJSON or GeoTIFF, lying where its picture lies, or a PNG to look at. */

import { encodePng } from '../pictures/codecs/encode';
import { cellAt } from '../pictures/cut';
import { type Georeference, partOf, worldPoint } from '../pictures/georeference';
import { asciiField, type TiffField, tiffFile } from '../pictures/tiff/file';
import type { ClassMap } from './cells';
import { classColour } from './classColours';
import { geoJsonCrs } from './geoJsonCrs';

/**
 * One square for each cell, with its class, probability and whether it is undecided. Coordinates are those of the
 * picture, named by the `crs` of GeoJSON 2008 that GDAL and QGIS read (RFC 7946 alone would need longitude and
 * latitude); without a georeference they are columns and rows of pixels, and it says so.
 */
export function mapGeoJson(map: ClassMap, georeference: Georeference | null): string {
  const { grid, classes } = map;
  const point = (column: number, row: number) =>
    georeference ? worldPoint(georeference, column, row) : [column, row];
  const features = Array.from(map.answers, (answer, i) => {
    const { left2, top2, side } = cellAt(grid, i);
    const [left, top] = [left2 / 2, top2 / 2];
    const [right, bottom] = [left + side, top + side];
    return {
      type: 'Feature',
      properties: {
        class: classes[answer],
        probability: map.probabilities[i],
        undecided: map.undecided[i] === 1,
        row: Math.floor(i / grid.columns),
        column: i % grid.columns,
      },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [point(left, top), point(left, bottom), point(right, bottom), point(right, top), point(left, top)],
        ],
      },
    };
  });
  return JSON.stringify({ type: 'FeatureCollection', crs: geoJsonCrs(georeference), features });
}

/**
 * One pixel for each cell: the index of its class, with a palette and the names of the classes. The georeference is
 * the picture's, with its own description of the coordinate system word for word.
 */
export function mapGeoTiff(map: ClassMap, georeference: Georeference | null): Uint8Array {
  const { columns, rows, cell, left2, top2 } = map.grid;
  const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'short', values });
  const names = map.classes.map((name, i) => `${i} ${name}`).join(', ');
  // All reds, then greens, then blues, of 16 bits.
  const palette = [0, 1, 2].flatMap((channel) =>
    Array.from({ length: 256 }, (_, i) => (i < map.classes.length ? 257 * classColour(i)[channel] : 0)),
  );
  const fields = [
    { tag: 256, type: 'long', values: [columns] } as const,
    { tag: 257, type: 'long', values: [rows] } as const,
    short(258, 8),
    short(259, 1),
    short(262, 3),
    asciiField(270, `Class of each cell: ${names}`),
    short(277, 1),
    { tag: 278, type: 'long', values: [rows] } as const,
    short(320, ...palette),
    ...(georeference ? geoFields(partOf(georeference, left2 / 2, top2 / 2, cell)) : []),
  ];
  return tiffFile(fields, [map.answers]);
}

function geoFields({ affine, keys }: Georeference): TiffField[] {
  const [x, dxColumn, dxRow, y, dyColumn, dyRow] = affine;
  const matrix = [dxColumn, dxRow, 0, x, dyColumn, dyRow, 0, y, 0, 0, 0, 0, 0, 0, 0, 1];
  const fields: TiffField[] = [{ tag: 34264, type: 'double', values: matrix }];
  if (keys.directory.length > 0) fields.push({ tag: 34735, type: 'short', values: asArea(keys.directory) });
  if (keys.doubles.length > 0) fields.push({ tag: 34736, type: 'double', values: keys.doubles });
  if (keys.ascii) fields.push(asciiField(34737, keys.ascii.replace(/\0+$/, '')));
  return fields;
}

/** The matrix names the corner of a pixel (key 1025, value 1), also where the picture's named its centre. */
function asArea(directory: readonly number[]): number[] {
  return directory.map((value, i) =>
    i >= 4 && i % 4 === 3 && directory[i - 3] === 1025 && directory[i - 2] === 0 ? 1 : value,
  );
}

/** Each cell as a square of `side` pixels in the colour of its class. */
export async function mapPng(map: ClassMap, side = 16): Promise<Uint8Array> {
  const { columns, rows } = map.grid;
  const [width, height] = [columns * side, rows * side];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / side) * columns + Math.floor(x / side);
      data.set([...classColour(map.answers[cell]), 255], (y * width + x) * 4);
    }
  }
  return encodePng(width, height, data);
}
