/**
 * Maps beside what others make of the same pixels: the exported script on crops of the scene, and GDAL on the files. Skipped
 * by name where there is no Python with numpy, or no GDAL.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../data/testing/pictures';
import type { GcnnModel } from '../families/gcnn/model';
import { takeAlong } from '../files/takeAlong/takeAlong';
import { cellAt, channelsOf, type Pixels } from '../pictures/cut';
import { decodeFor } from '../pictures/decode/decode';
import { tiffOf } from '../pictures/testing/tiffs';
import { uniform } from '../random';
import { finish } from '../stage/events';
import { testPlatform } from '../testing/platform';
import { shakenModel, tinyArch } from '../testing/tiny';
import { classShares } from './cells';
import { classColour } from './classColours';
import { mapClasses } from './classMap';
import { mapAuxXml, mapGeoTiff } from './mapFiles';

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);
const gdal = spawnSync('gdalinfo', ['--version']).status === 0;
const PATIENCE = 180_000;

const folder = mkdtempSync(path.join(tmpdir(), 'orbit-maps-'));
const at = (name: string): string => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  await loadCodecs();
  await testPlatform().start('cpu');
});

const bands = { of: 13, numbers: [8, 4, 3, 2, 10] };

/** Networks with arbitrary weights, of colours and of bands. */
const modelOf = (chosen: typeof bands | undefined, seed: number): GcnnModel => {
  const channels = chosen?.numbers.length ?? 3;
  const { input, ...arch } = tinyArch();
  const each = (value: number) => Array<number>(channels).fill(value);
  return {
    ...shakenModel({ ...arch, input: { ...input, channels, ...(chosen && { bands: chosen }) } }, seed),
    normalisation: { mean: each(0.4), std: each(0.15) },
  };
};

/** 13 bands of 16 bits over odd sides: with cells of 16 pixels a margin of 1 or 2 on a side. The left is without data. */
const [width, height] = [83, 51];
const noise = Array.from({ length: 977 }, uniform('elsewhere', 3));
const sampleAt = (isColour: boolean) => (x: number, y: number, band: number) => {
  if (x < 20) return 0;
  const patch = (Math.floor(x / 16) * 5 + Math.floor(y / 16) * 3 + band) % 7;
  const share = (patch / 7 + noise[(x * 31 + y * 57 + band * 7) % 977]) / 2;
  return 1 + Math.floor(share * (isColour ? 254 : 4_000));
};
const scene = (isColour: boolean): Uint8Array => {
  const fields = [
    { tag: 33550, type: 'double', values: [10, 10, 0] },
    { tag: 33922, type: 'double', values: [0, 0, 0, 500_000, 5_000_000, 0] },
    { tag: 34735, type: 'short', values: [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32633] },
    { tag: 42113, type: 'ascii', values: [48, 0] },
  ] as const;
  const layout = { width, height, compression: 8, fields };
  return isColour
    ? tiffOf({ ...layout, bands: 3 }, sampleAt(true))
    : tiffOf({ ...layout, bands: 13, bits: 16, colours: 1 }, sampleAt(false));
};

const CHOICE = { cell: 16, stride: 8 };

/** The first of them that tells cells apart: not every one with arbitrary weights does. */
async function mapped(chosen?: typeof bands) {
  for (let seed = 1; seed < 100; seed++) {
    const model = modelOf(chosen, seed);
    const picture = await decodeFor(model.arch.input, scene(!chosen), 'scene.tif');
    const map = await finish(mapClasses(model, picture, 'scene.tif', CHOICE));
    if (classShares(map).filter((share) => share > 0.1).length > 1) return { model, picture, map };
  }
  throw new Error('no network told cells apart');
}

/** numpy's file format, version 1.0. */
function npy(data: Uint8Array, kind: '|u1' | '<u2', shape: readonly number[]): Uint8Array {
  const header = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
  const text = new TextEncoder();
  return Uint8Array.from([
    0x93,
    ...text.encode('NUMPY'),
    1,
    0,
    padded.length,
    0,
    ...text.encode(padded),
    ...data,
  ]);
}

/** A cell's own pixels, as anybody else would crop them. */
function crop(picture: Pixels, { left, top, side }: ReturnType<typeof cellAt>): Uint8Array {
  const channels = channelsOf(picture);
  const rows = Array.from({ length: side }, (_, y) => {
    const from = ((top + y) * picture.width + left) * channels;
    return [...picture.data.subarray(from, from + side * channels)];
  });
  return Uint8Array.from(rows.flat());
}

describe(`the exported script on the crops of a map${python ? '' : ' (needs python3 with numpy: skipped)'}`, () => {
  test.skipIf(!python).each<[string, typeof bands | undefined]>([
    ['of colours', undefined],
    ['of five of thirteen bands, as they are stored', bands],
  ])(
    '%s: the same answer for every cell',
    async (_, chosen) => {
      const { model, picture, map } = await mapped(chosen);
      for (const { name, bytes } of (await takeAlong(model)).files) writeFileSync(at(name), bytes);
      const cells = [...map.answers.keys()].filter((i) => !map.empty[i]);
      expect(cells.length).toBeGreaterThan(20);
      for (const i of cells) {
        const square = cellAt(map.grid, i);
        const bytes = chosen
          ? npy(rawBands(square), '<u2', [16, 16, 13])
          : npy(crop(picture, square), '|u1', [16, 16, 3]);
        writeFileSync(at(`${i}.npy`), bytes);
      }
      writeFileSync(at('all.py'), DRIVER);
      const out = execFileSync(python!, [at('all.py'), ...cells.map(String)], { encoding: 'utf8' });
      const found = out
        .trim()
        .split('\n')
        .map((line) => /^(\d+) +([\d.]+)% {2}(\S+) /.exec(line)!);
      expect(found.map(([, i]) => Number(i))).toEqual(cells);
      for (const [, i, share, name] of found) {
        if (map.undecided[Number(i)]) continue;
        expect([i, name]).toEqual([i, map.classes[map.answers[Number(i)]]]);
        expect(Number(share)).toBeCloseTo(100 * map.probabilities[Number(i)], 1);
      }
    },
    PATIENCE,
  );
});

/** One start of Python for all crops: what the script does for each is what it does by itself. */
const DRIVER = `import contextlib, io, runpy, sys
cells = sys.argv[1:]
for cell in cells:
    sys.argv = [sys.path[0] + "/run.py", f"{sys.path[0]}/{cell}.npy"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(sys.argv[0])
    print(cell, out.getvalue().splitlines()[0])
`;

/** All thirteen bands of a cell, as the file has them. */
function rawBands({ left, top, side }: ReturnType<typeof cellAt>): Uint8Array {
  const values = Uint16Array.from({ length: side * side * 13 }, (_, i) => {
    const p = Math.floor(i / 13);
    return sampleAt(false)(left + (p % side), top + Math.floor(p / side), i % 13);
  });
  return new Uint8Array(values.buffer);
}

interface Band {
  readonly description: string;
  readonly noDataValue: number;
  readonly unit?: string;
  readonly colorInterpretation: string;
  readonly colorTable?: { readonly entries: readonly (readonly number[])[] };
  readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

describe(`a map before GDAL${gdal ? '' : ' (needs gdalinfo and gdal_translate: skipped)'}`, () => {
  test.skipIf(!gdal)(
    'has two bands, its classes, their colours, its place, and nothing where it is empty',
    async () => {
      const { picture, map } = await mapped();
      const named = { ...map, classes: ['Field & <wood>', 'Forêt', '"River"'] };
      writeFileSync(at('map.tif'), mapGeoTiff(named, picture.georeference));
      writeFileSync(at('map.tif.aux.xml'), mapAuxXml(named));
      const about = execFileSync('gdalinfo', ['-json', at('map.tif')], { encoding: 'utf8' });
      const { size, bands, geoTransform } = JSON.parse(about) as {
        size: number[];
        geoTransform: number[];
        bands: Band[];
      };
      expect(size).toEqual([map.grid.columns, map.grid.rows]);
      // Cells of 16 pixels every 8: an answer stands for the middle 8, from 4 pixels in.
      expect(geoTransform).toEqual([
        500_000 + 10 * (map.grid.left + 4),
        80,
        0,
        5_000_000 - 10 * (map.grid.top + 4),
        0,
        -80,
      ]);
      expect(bands.map(({ description, noDataValue }) => [description, noDataValue])).toEqual([
        ['class', 255],
        ['confidence', 255],
      ]);
      expect([bands[0].colorInterpretation, bands[1].unit]).toEqual(['Palette', '%']);
      named.classes.forEach((name, i) => {
        expect(bands[0].colorTable!.entries[i].slice(0, 3)).toEqual([...classColour(i)]);
        expect(bands[0].metadata[''][`CLASS_${i}`]).toBe(name);
      });
      expect(execFileSync('gdalinfo', [at('map.tif')], { encoding: 'utf8' })).toMatch(
        /Categories:\n +0: Field & <wood>\n +1: Forêt\n +2: "River"\n/,
      );
      const values = (band: number): number[] => {
        const arguments_ = ['-q', '-of', 'XYZ', '-b', String(band), at('map.tif'), '/vsistdout/'];
        const lines = execFileSync('gdal_translate', arguments_, { encoding: 'utf8' }).trim().split('\n');
        return lines.map((line) => Number(line.split(' ')[2]));
      };
      const expected = (value: (cell: number) => number) =>
        Array.from(map.empty, (isEmpty, i) => (isEmpty ? 255 : value(i)));
      expect(map.empty.includes(1)).toBe(true);
      expect(values(1)).toEqual(expected((i) => map.answers[i]));
      expect(values(2)).toEqual(expected((i) => Math.round(100 * map.probabilities[i])));
    },
    PATIENCE,
  );
});
