/** `lab classify` as a person meets it: a tile, a scene with its map, and pictures that cannot be read. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tiffOf } from '../src/lab/pictures/testing/tiffs';
import { uniform } from '../src/lab/random';
import { lab } from './testing/lab';

const top = await mkdtemp(path.join(tmpdir(), 'orbit-classify-'));
const at = (name: string): string => path.join(top, name);
afterAll(() => rm(top, { recursive: true }));

/** A GeoTIFF of patches of colour, 10 m to the pixel. */
function scene(width: number, height: number): Uint8Array {
  const next = uniform('classify', width);
  const patches = Array.from({ length: 30 }, () => next() * 180);
  const colour = (x: number, y: number, band: number) =>
    Math.floor(
      patches[(Math.floor(x / 64) * 3 + Math.floor(y / 64) * 7 + band) % 30] + ((x * 7 + y * 3) % 41),
    );
  const fields = [
    { tag: 33550, type: 'double', values: [10, 10, 0] },
    { tag: 33922, type: 'double', values: [0, 0, 0, 500_000, 5_000_000, 0] },
    { tag: 34735, type: 'short', values: [1, 1, 0, 2, 1025, 0, 1, 1, 3072, 0, 1, 32633] },
  ] as const;
  return tiffOf({ width, height, bands: 3, compression: 8, fields }, colour);
}

test('a scene is mapped at four turns and the map written where the scene lies; a tile is answered', async () => {
  await writeFile(at('scene.tif'), scene(201, 135));
  await writeFile(at('tile.tif'), scene(64, 64));
  const files = [at('scene.tif'), at('tile.tif')];
  const map = at('map.geojson');
  const { code, out, err } = await lab(
    'classify',
    'eurosat-c4-twin-small',
    ...files,
    '--turns',
    '--map',
    map,
    '--json',
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const [mapped, tile] = JSON.parse(out);
  expect(mapped).toMatchObject({
    kind: 'scene',
    cells: 6,
    grid: { columns: 3, rows: 2, left: 4, top: 3 },
    margin: { left: 4, right: 5, top: 3, bottom: 4 },
  });
  expect(mapped.georeference).toEqual({ epsg: 32633, bounds: [500_000, 4_998_650, 502_010, 5_000_000] });
  expect([mapped.turned.changed, mapped.turned.agreement]).toEqual([0, 1]);
  expect(tile).toMatchObject({ kind: 'tile', fit: 'scale', side: 64 });
  expect(tile.turns.map(({ degrees }: { degrees: number }) => degrees)).toEqual([0, 90, 180, 270]);
  const { features, crs } = JSON.parse(await readFile(map, 'utf8'));
  expect([features.length, crs.properties.name]).toEqual([6, 'urn:ogc:def:crs:EPSG::32633']);
  expect(features[0].geometry.coordinates[0][0]).toEqual([500_040, 4_999_970]);
}, 300_000);

test('a picture that cannot be read is one line and exit 2', async () => {
  await writeFile(at('cut.tif'), scene(64, 64).subarray(0, 400));
  const { code, out, err } = await lab('classify', 'eurosat-c4-twin-small', at('cut.tif'));
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^cut.tif is truncated or damaged \(.*\); replace the file or leave it out\.\n$/);
}, 300_000);
