import { fromArrayBuffer } from 'geotiff';
import { beforeAll, expect, test } from 'vitest';
import { decodePicture } from '../pictures/decode/decode';
import type { Georeference } from '../pictures/georeference';
import { testPlatform } from '../testing/platform';
import type { ClassMap } from './cells';
import { classColour } from './classColours';
import { mapGeoJson, mapGeoTiff, mapPng, mapQml } from './mapFiles';

beforeAll(() => testPlatform().loadDecoders());

const map: ClassMap = {
  classes: ['Forest', 'River', 'Sea'],
  // A picture of 200×135: a margin of 4 left and right, of 3 above and 4 below.
  grid: { columns: 3, rows: 2, cell: 64, stride: 64, left: 4, top: 3 },
  answers: Uint8Array.of(0, 1, 2, 2, 1, 0),
  probabilities: Float32Array.of(0.5, 1, 0.75, 0.5, 0.5, 0.5),
  undecided: Uint8Array.of(0, 0, 1, 0, 0, 0),
  empty: new Uint8Array(6),
};
const utm: Georeference = {
  affine: [500_000, 10, 0, 5_000_000, 0, -10],
  epsg: 32633,
  keys: { directory: [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 2, 3072, 0, 1, 32633], doubles: [], ascii: '' },
};

test('GeoJSON: a square for each cell, in the coordinates of the picture', () => {
  const json = JSON.parse(mapGeoJson(map, utm));
  expect(json.crs.properties.name).toBe('urn:ogc:def:crs:EPSG::32633');
  expect(json.features).toHaveLength(6);
  const { properties, geometry } = json.features[2];
  expect(properties).toEqual({
    class: 'Sea',
    probability: 0.75,
    undecided: true,
    empty: false,
    row: 0,
    column: 2,
  });
  const [left, top] = [500_000 + 10 * (4 + 128), 5_000_000 - 30];
  expect(geometry.coordinates[0]).toEqual([
    [left, top],
    [left, top - 640],
    [left + 640, top - 640],
    [left + 640, top],
    [left, top],
  ]);
  const bare = JSON.parse(mapGeoJson(map, null));
  expect(bare.crs.properties.name).toContain('columns and rows of pixels');
  expect(bare.features[0].geometry.coordinates[0][0]).toEqual([4, 3]);
});

test('GeoTIFF: the lab and the library read it back, colours, place and all', async () => {
  const bytes = mapGeoTiff(map, utm);
  const read = await decodePicture(bytes, 'map.tif');
  expect([read.width, read.height]).toEqual([3, 2]);
  expect([...read.data]).toEqual([...map.answers].flatMap((answer) => [...classColour(answer)]));
  // The picture's coordinates named pixel centres; those of the map name corners.
  expect(read.georeference?.affine).toEqual([500_040, 640, 0, 4_999_970, 0, -640]);
  expect(read.georeference?.epsg).toBe(32633);
  const image = await (await fromArrayBuffer(new Uint8Array(bytes).buffer)).getImage();
  expect(image.getBoundingBox()).toEqual([500_040, 4_999_970 - 1280, 500_040 + 1920, 4_999_970]);
  expect(image.getGeoKeys()).toEqual({
    GTModelTypeGeoKey: 1,
    GTRasterTypeGeoKey: 1,
    ProjectedCSTypeGeoKey: 32633,
  });
  expect((await decodePicture(mapGeoTiff(map, null), 'bare.tif')).georeference).toBeNull();
});

test('PNG: a square of its colour for each cell', async () => {
  const { width, height, data } = await decodePicture(await mapPng(map, 4), 'map.png');
  expect([width, height]).toEqual([12, 8]);
  expect([...data.subarray(0, 3)]).toEqual([...classColour(0)]);
  expect([...data.subarray(-3)]).toEqual([...classColour(0)]);
  expect([...data.subarray(3 * 4, 3 * 4 + 3)]).toEqual([...classColour(1)]);
});

test('empty cells: no class in GeoJSON, no data in GeoTIFF, nothing in PNG', async () => {
  const holed = { ...map, empty: Uint8Array.of(0, 0, 0, 0, 0, 1), answers: Uint8Array.of(0, 1, 2, 2, 1, 0) };
  const { properties } = JSON.parse(mapGeoJson(holed, utm)).features[5];
  expect(properties).toMatchObject({ class: null, probability: null, empty: true });
  const image = await (await fromArrayBuffer(new Uint8Array(mapGeoTiff(holed, utm)).buffer)).getImage();
  expect(image.getGDALNoData()).toBe(255);
  const bands = (await image.readRasters()) as unknown as Uint8Array[];
  expect(bands.map((band) => [...band])).toEqual([
    [0, 1, 2, 2, 1, 255],
    [50, 100, 75, 50, 50, 255],
  ]);
  expect([...(await decodePicture(mapGeoTiff(holed, utm), 'map.tif')).empty!]).toEqual([0, 0, 0, 0, 0, 1]);
  const { empty } = await decodePicture(await mapPng(holed, 2), 'map.png');
  expect(empty!.reduce((sum, each) => sum + each)).toBe(4);
});

test('256 classes leave no byte for nothing: 16 bits', async () => {
  const classes = Array.from({ length: 256 }, (_, i) => `class ${i}`);
  const answers = Uint8Array.of(255, 1, 2, 2, 1, 0);
  const holed = { ...map, classes, answers, empty: Uint8Array.of(0, 0, 0, 0, 0, 1) };
  const image = await (await fromArrayBuffer(new Uint8Array(mapGeoTiff(holed, null)).buffer)).getImage();
  const [first] = (await image.readRasters()) as unknown as Uint16Array[];
  expect([...first]).toEqual([255, 1, 2, 2, 1, 65_535]);
});

test('the style names every class by its colour', () => {
  const style = mapQml({ classes: ['A & "b"', 'c'] });
  expect(style).toContain(
    '<paletteEntry value="0" color="#ddcc77" alpha="255" label="A &amp; &quot;b&quot;"/>',
  );
  expect(style.match(/paletteEntry/g)).toHaveLength(2);
});
