/**
 * GDAL as the judge: it makes some seven hundred files (testing/gdal.py), reads them and those of the lab's own writer, and
 * the lab reads them to the same values, masks, bounds and codes. Skipped by name where GDAL is not installed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflate } from 'pako';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testPlatform } from '../testing/platform';
import { boundsOf } from './georeference';
import type { RasterFile } from './raster';
import { type TiffSketch, tiffOf } from './testing/tiffs';
import { openRaster } from './tiff/rasterFile';

/** What GDAL says of a file: see the script. */
interface Verdict {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly bounds: readonly number[] | null;
  readonly grid: readonly number[] | null;
  readonly epsg: number | null;
  readonly points: number;
  /** GDAL's kinds of masks: 1 all valid, 2 one for all bands, 4 alpha, 8 no-data. */
  readonly flags: number;
  readonly alpha: number | null;
}

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy; from osgeo import gdal, osr']).status === 0,
);

describe(`GDAL${python ? '' : ' (needs python3 with osgeo and numpy: skipped)'}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orbit-gdal-'));
  let verdicts: Record<string, Verdict> = {};
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(async () => {
    if (!python) return;
    await testPlatform().loadDecoders();
    for (const [name, bytes] of ownFiles()) writeFileSync(path.join(folder, `${name}.tif`), bytes);
    const script = path.join(import.meta.dirname, 'testing/gdal.py');
    const { stdout, stderr, status } = spawnSync(python, [script, folder], { maxBuffer: 2 ** 26 });
    if (status !== 0) throw new Error(String(stderr));
    verdicts = JSON.parse(String(stdout));
  }, 120_000);

  test.skipIf(!python)(
    'and the lab read the same values, masks, bounds and codes from every file',
    async () => {
      const names = Object.keys(verdicts);
      expect(names.length).toBeGreaterThan(600);
      const differences: string[] = [];
      for (const name of names) {
        const file = path.join(folder, name);
        try {
          const raster = await openRaster(new Uint8Array(readFileSync(file)), name);
          differences.push(
            ...(await compare(raster, verdicts[name], file)).map((what) => `${name}: ${what}`),
          );
        } catch (error) {
          differences.push(`${name}: ${(error as Error).message}`);
        }
      }
      expect(differences).toEqual([]);
    },
    120_000,
  );
});

async function compare(raster: RasterFile, verdict: Verdict, file: string): Promise<string[]> {
  const { width, height, bands, alpha, georeference, placeNotes } = raster;
  const found: string[] = [];
  const check = (what: string, ours: unknown, gdals: unknown) => {
    const [a, b] = [JSON.stringify(ours), JSON.stringify(gdals)];
    if (a !== b) found.push(`${what} is ${a}, and ${b} for GDAL`);
  };
  check('size', [width, height, bands], [verdict.width, verdict.height, verdict.bands]);
  check('alpha', alpha, verdict.alpha);
  check('bounds', georeference && boundsOf(georeference, raster), verdict.bounds);
  check('grid', georeference?.affine ?? null, verdict.grid);
  // Without a grid there is nothing to say a system of.
  if (verdict.grid) check('EPSG code', georeference?.epsg ?? null, verdict.epsg);
  check('control points said', placeNotes.join().includes('control point'), verdict.points > 0);

  const masks = new Uint8Array(readFileSync(`${file}.masks`));
  const gdals = new Float64Array(new Uint8Array(readFileSync(`${file}.values`)).buffer);
  const count = width * height;
  const read = await raster.read([...Array(bands).keys()]);
  const mask = await raster.mask();
  check('a mask of its own', mask !== null, (verdict.flags & 6) === 2);
  read.forEach(({ values, known }, band) => {
    const start = band * count;
    const at = values.findIndex(
      (value, i) => !Object.is(value, gdals[start + i]) && value !== gdals[start + i],
    );
    if (at >= 0)
      found.push(`value ${at} of band ${band} is ${values[at]}, and ${gdals[start + at]} for GDAL`);
    for (let i = 0; i < count; i++) {
      // To GDAL what is no number may be a value; to the lab it is none.
      const ours = mask ? mask[i] === 1 : (known?.[i] ?? 1) === 1;
      const isThere = verdict.flags & 4 ? true : masks[start + i] > 0;
      const isValue = isThere && (mask !== null || Number.isFinite(gdals[start + i]));
      if (ours === isValue) continue;
      found.push(
        `value ${i} of band ${band}, ${values[i]}, is ${ours ? 'there' : 'not there'}, unlike for GDAL`,
      );
      break;
    }
  });
  return found;
}

function reversed(byte: number): number {
  return Number.parseInt([...byte.toString(2).padStart(8, '0')].reverse().join(''), 2);
}

/** What GDAL does not write: odd sets of geo keys, of tie points, scales and matrices. */
function* ownFiles(): Generator<[name: string, bytes: Uint8Array]> {
  const file = (...fields: TiffSketch['fields'] & object[]) =>
    tiffOf({ width: 37, height: 21, fields }, (x, y) => (x * 7 + y) % 256);
  const double = (tag: number, ...values: number[]) => ({ tag, type: 'double', values }) as const;
  const keys = (...entries: [key: number, value: number | undefined][]) => {
    const given = entries.filter(([, value]) => value !== undefined) as [number, number][];
    const values = [1, 1, 0, given.length, ...given.flatMap(([key, value]) => [key, 0, 1, value])];
    return { tag: 34735, type: 'short', values } as const;
  };
  const scale = double(33550, 10, 10, 0);
  const tie = double(33922, 0, 0, 0, 500_000, 5_300_000, 0);
  for (const model of [undefined, 1, 2, 3, 32767])
    for (const projected of [undefined, 32633, 32767, 54030, 60000, 0])
      for (const geographic of [undefined, 4326, 32767, 4978])
        for (const vertical of [undefined, 5773, 4979]) {
          // These contradict themselves: heights over an ellipsoid are those of longitudes and latitudes, which GDAL looks
          // up below a projected system.
          if (vertical === 4979 && !(model === 2 && geographic === 4326)) continue;
          if (model === 2 && geographic === undefined) continue;
          yield [
            `keys-${model}-${projected}-${geographic}-${vertical}`,
            file(
              scale,
              tie,
              keys([1024, model], [1025, 1], [2048, geographic], [3072, projected], [4096, vertical]),
            ),
          ];
        }

  // Bytes with their least bit first.
  for (const [name, sketch, pack] of [
    ['raw', { compression: 1 }, (bytes: Uint8Array) => bytes],
    ['raw16', { compression: 1, bits: 16 }, (bytes: Uint8Array) => bytes],
    ['bits', { compression: 1, bits: 5 }, (bytes: Uint8Array) => bytes],
    ['deflate', { compression: 8 }, (bytes: Uint8Array) => deflate(bytes)],
  ] as const) {
    const bits = 'bits' in sketch ? sketch.bits : 8;
    const bytes = Uint8Array.from(
      { length: Math.ceil((37 * bits) / 8) * 3 },
      (_, i) => (i * i * 31 + 7 * i) % 256,
    );
    const blocks = [pack(bytes).map(reversed)];
    const order = { tag: 266, type: 'short', values: [2] } as const;
    yield [`least-bit-first-${name}`, tiffOf({ width: 37, height: 3, ...sketch, fields: [order], blocks })];
  }
  // Floats of 24 bits, all kinds of them.
  const words = Uint8Array.from({ length: 37 * 3 * 3 }, (_, i) => (i * i * 89 + 13 * i) % 256);
  for (const isBigEndian of [false, true])
    yield [
      `float24-${isBigEndian}`,
      tiffOf({ width: 37, height: 3, bits: 24, format: 3, isBigEndian, blocks: [words] }),
    ];

  const utm = (raster: number) => keys([1024, 1], [1025, raster], [3072, 32633]);
  const corner = [0, 0, 0, 500_000, 5_300_000, 0];
  const ties = [...corner, 37, 0, 0, 500_370, 5_300_000, 0, 0, 21, 0, 500_000, 5_299_790, 0];
  const matrix = double(34264, 8, 6, 0, 1000, 6, -8, 0, 2000, 0, 0, 0, 0, 0, 0, 0, 1);
  for (const raster of [1, 2]) {
    const places = {
      'tie-scale': [scale, tie],
      'ties-scale': [scale, double(33922, ...ties)],
      'tie-inside': [scale, double(33922, 5, 7, 0, 500_000, 5_300_000, 0)],
      'tie-alone': [tie],
      'ties-alone': [double(33922, ...ties)],
      'scale-alone': [scale],
      'scale-down': [double(33550, 10, -10, 0), tie],
      'scale-of-two': [double(33550, 10, 20), tie],
      'scale-0': [double(33550, 0, 0, 0), tie],
      'scale-left': [double(33550, -10, 10, 0), tie],
      matrix: [matrix],
      'matrix-and-ties': [matrix, double(33922, ...ties)],
      'matrix-and-scale': [matrix, scale],
      'matrix-and-both': [matrix, scale, tie],
      'matrix-of-12': [double(34264, ...[8, 6, 0, 1000, 6, -8, 0, 2000, 0, 0, 0, 0])],
    };
    for (const [name, fields] of Object.entries(places))
      yield [`${name}-${raster}`, file(...fields, utm(raster))];
  }
}
