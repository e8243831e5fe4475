import { expect, test } from 'vitest';
import { boundsOf } from './georeference';
import type { Picture } from './picture';
import { isWorldFile, parseWorldFile, placedBy, worldFileNames } from './worldFile';

const picture: Picture = {
  ...{ width: 128, height: 64, data: new Uint8Array(0), notes: [], ownRange: false, georeference: null },
};

test('six numbers name the centre of the first pixel, and the picture lies around it', () => {
  const placed = placedBy(picture, '10\r\n0\r\n0\r\n-10\r\n500005\r\n5299995\r\n');
  expect(boundsOf(placed.georeference!, picture)).toEqual([500_000, 5_299_360, 501_280, 5_300_000]);
  expect([placed.georeference?.epsg, placed.placeNotes]).toEqual([
    null,
    [expect.stringMatching(/not named/)],
  ]);
  expect(parseWorldFile('8 6 6 -8 507 5299999')).toEqual([500, 8, 6, 5_300_000, 6, -8]);
});

test('a projection file beside names the system by its code, or it is said that it does not', () => {
  const system = 'PROJCS["WGS 84 / UTM zone 33N",UNIT["metre",1],AUTHORITY["EPSG","32633"]]';
  expect(placedBy(picture, '10 0 0 -10 5 5', system)).toMatchObject({
    georeference: { epsg: 32633 },
    placeNotes: [expect.stringMatching(/projection file/)],
  });
  expect(placedBy(picture, '10 0 0 -10 5 5', 'PROJCS["mine"]')).toMatchObject({
    georeference: { epsg: null },
    placeNotes: [expect.stringMatching(/no EPSG code that the lab knows/)],
  });
});

test('a text that is no world file places nothing, and it is said', () => {
  for (const text of ['', '1 2 3', '10 0 0 0 1 2', 'a b c d e f']) {
    expect(placedBy(picture, text)).toMatchObject({
      georeference: null,
      placeNotes: ['its world file is none: it needs six numbers'],
    });
  }
});

test('a picture that says where it lies keeps its place', () => {
  const placed = placedBy(picture, '10 0 0 -10 5 5');
  expect(placedBy(placed, '1 0 0 -1 0 0')).toBe(placed);
});

test('its names', () => {
  expect(worldFileNames('a/map.tif')).toContain('a/map.tfw');
  expect(worldFileNames('photo.jpeg')).toEqual(
    expect.arrayContaining(['photo.jgw', 'photo.jpegw', 'photo.wld']),
  );
  expect(worldFileNames('list.txt')).toEqual([]);
  expect(['a.TFW', 'b.wld', 'c.tif', 'd.txt'].map(isWorldFile)).toEqual([true, true, false, false]);
});
