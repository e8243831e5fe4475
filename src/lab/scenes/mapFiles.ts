/**
 * A class map as files: GeoJSON or GeoTIFF, lying where its picture lies, or a PNG to look at. A TIFF itself has room for
 * colours, but none for the names of classes: GDAL looks for these in a file of the same name with `.aux.xml` after it,
 * QGIS for a style of the same name that ends in `.qml`.
 */

import { encodePng } from '../pictures/codecs/encode';
import { answerSquare } from '../pictures/cut';
import { type Georeference, partOf, worldPoint } from '../pictures/georeference';
import { asciiField, type TiffField, tiffFile } from '../pictures/tiff/file';
import type { ClassMap } from './cells';
import { classColour } from './classColours';
import { geoJsonCrs } from './geoJsonCrs';

/**
 * One square for each cell (where cells overlap, for the middle of each), with its class, probability and whether it is
 * undecided; an empty cell has neither. Coordinates are those of the
 * picture, named by the `crs` of GeoJSON 2008 that GDAL and QGIS read (RFC 7946 alone would need longitude and
 * latitude); without a georeference they are columns and rows of pixels, and it says so.
 */
export function mapGeoJson(map: ClassMap, georeference: Georeference | null): string {
  const { grid, classes } = map;
  const point = (column: number, row: number) =>
    georeference ? worldPoint(georeference, column, row) : [column, row];
  const features = Array.from(map.answers, (answer, i) => {
    const { left, top, side } = answerSquare(grid, i);
    const [right, bottom] = [left + side, top + side];
    const isEmpty = map.empty[i] === 1;
    return {
      type: 'Feature',
      properties: {
        class: isEmpty ? null : classes[answer],
        probability: isEmpty ? null : map.probabilities[i],
        undecided: map.undecided[i] === 1,
        empty: isEmpty,
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

/** What an empty cell holds in both bands, where classes leave room for it. */
const NO_DATA = 255;

/**
 * One pixel for each cell in two bands: the index of its class, with a palette, and its confidence (the probability in
 * whole per cent). Empty cells hold the value that the file names as no data. The georeference is the picture's, with its
 * own description of the coordinate system word for word.
 */
export function mapGeoTiff(map: ClassMap, georeference: Georeference | null): Uint8Array {
  const { grid, classes } = map;
  const { columns, rows, stride } = grid;
  // 256 classes take all values of a byte: then there are 16 bits, and no palette.
  const isByte = classes.length <= NO_DATA;
  const noData = isByte ? NO_DATA : 0xffff;
  const long = (tag: number, value: number): TiffField => ({ tag, type: 'long', values: [value] });
  const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'short', values });
  const corner = answerSquare(grid, 0);
  const fields = [
    long(256, columns),
    long(257, rows),
    short(258, ...(isByte ? [8, 8] : [16, 16])),
    short(259, 1),
    short(262, isByte ? 3 : 1),
    asciiField(270, `Class of each cell: ${classes.map((name, i) => `${i} ${name}`).join(', ')}`),
    short(277, 2),
    long(278, rows),
    // Bands apart; the second is no part of the colours.
    short(284, 2),
    short(338, 0),
    ...(isByte ? [short(320, ...palette(classes.length))] : []),
    asciiField(42112, gdalMetadata(classes)),
    asciiField(42113, String(noData)),
    ...(georeference ? geoFields(partOf(georeference, corner.left, corner.top, stride)) : []),
  ];
  const band = (value: (cell: number) => number): Uint8Array => {
    const values = Array.from(map.empty, (isEmpty, i) => (isEmpty ? noData : value(i)));
    return isByte ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
  };
  return tiffFile(fields, [
    band((i) => map.answers[i]),
    band((i) => Math.floor(100 * map.probabilities[i] + 0.5)),
  ]);
}

/** All reds, then greens, then blues, of 16 bits. */
const palette = (classes: number): number[] =>
  [0, 1, 2].flatMap((channel) =>
    Array.from({ length: 256 }, (_, i) => (i < classes ? 257 * classColour(i)[channel] : 0)),
  );

/** What GDAL shows of each band: its name, its unit, and the classes. It escapes these texts twice, and reads them so. */
function gdalMetadata(classes: readonly string[]): string {
  const item = (name: string, sample: number, value: string, role = '') =>
    `<Item name="${name}" sample="${sample}"${role && ` role="${role}"`}>${escaped(escaped(value))}</Item>`;
  return [
    '<GDALMetadata>',
    item('DESCRIPTION', 0, 'class', 'description'),
    item('DESCRIPTION', 1, 'confidence', 'description'),
    item('UNITTYPE', 1, '%', 'unittype'),
    ...classes.map((name, i) => item(`CLASS_${i}`, 0, name)),
    '</GDALMetadata>',
  ].join('\n');
}

/** A map as GeoTIFF under a name that ends in `.tif`, with what GDAL and QGIS look for beside it. */
export function geoTiffFiles(
  map: ClassMap,
  georeference: Georeference | null,
  name: string,
): readonly (readonly [name: string, content: Uint8Array | string])[] {
  return [
    [name, mapGeoTiff(map, georeference)],
    [`${name}.aux.xml`, mapAuxXml(map)],
    [`${name.slice(0, name.lastIndexOf('.'))}.qml`, mapQml(map)],
  ];
}

/** The category table of the map, as GDAL looks for it in `<map>.tif.aux.xml`. */
export function mapAuxXml({ classes }: Pick<ClassMap, 'classes'>): string {
  const names = classes.map((name) => `      <Category>${escaped(name)}</Category>\n`).join('');
  return `<PAMDataset>
  <PAMRasterBand band="1">
    <CategoryNames>
${names}    </CategoryNames>
  </PAMRasterBand>
</PAMDataset>
`;
}

/** The style of the map, as QGIS looks for it in `<map>.qml`. */
export function mapQml({ classes }: Pick<ClassMap, 'classes'>): string {
  const entries = classes
    .map((name, i) => {
      const colour = classColour(i)
        .map((value) => value.toString(16).padStart(2, '0'))
        .join('');
      return `        <paletteEntry value="${i}" color="#${colour}" alpha="255" label="${escaped(name)}"/>\n`;
    })
    .join('');
  return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <colorPalette>
${entries}      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
`;
}

/** As XML takes it, which knows no control characters. */
const escaped = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[<>&"]/g, (letter) => ENTITIES[letter]);

/** By name: GDAL reads no others in all places. */
const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

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

/** Each cell as a square of `side` pixels in the colour of its class; an empty one is transparent. */
export async function mapPng(map: ClassMap, side = 16): Promise<Uint8Array> {
  const { columns, rows } = map.grid;
  const [width, height] = [columns * side, rows * side];
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / side) * columns + Math.floor(x / side);
      if (!map.empty[cell]) data.set([...classColour(map.answers[cell]), 255], (y * width + x) * 4);
    }
  }
  return encodePng(width, height, data);
}
