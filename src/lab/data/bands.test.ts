import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import { tiffOf } from '../pictures/testing/tiffs';
import { bandsFor, chooseBands, requireChannels } from './bands';
import { contactSheet } from './contactSheet';
import type { Dataset } from './dataset';
import type { Entry } from './readers/entry';
import { packDataset, unpackDataset } from './readers/packed';
import { readDataset } from './readers/read';
import { loadCodecs } from './testing/pictures';

beforeAll(loadCodecs);

const size = 6;
const value = (tile: number) => (x: number, y: number, band: number) =>
  (211 * tile + 977 * x + 331 * y + 613 * band) % 9_000;
/** 10 m to the pixel, in UTM. */
const fields = [
  { tag: 33550, type: 'double', values: [10, 10, 0] },
  { tag: 33922, type: 'double', values: [0, 0, 0, 500_000, 5_000_000, 0] },
  { tag: 34735, type: 'short', values: [1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32633] },
] as const;
const tile = (i: number, bands = 13) =>
  tiffOf({ width: size, height: size, bands, bits: 16, colours: 1, fields }, value(i));
const folder = (...tiles: Uint8Array[]): Entry[] =>
  tiles.map((bytes, i) => ({ path: `${['field', 'wood'][i % 2]}/${i}.tif`, bytes: async () => bytes }));
const files = () => folder(tile(0), tile(1), tile(2), tile(3));
const read = (bands?: 'all' | 'rgb' | readonly number[]): Promise<Dataset> =>
  readDataset('made', files(), { bands });

test('chosen from all that are kept, or read alone: the same tiles; and what is kept says what it is', async () => {
  const all = unpackDataset(packDataset(await read('all')));
  expect([all.channels, all.bands?.of, all.metres]).toEqual([13, 13, 10]);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 13 }),
      async (numbers) => {
        const alone = await read(numbers);
        expect(chooseBands(all, numbers)).toEqual(alone);
        const input = { channels: numbers.length, bands: { of: 13, numbers } };
        expect(bandsFor(all, input).pixels).toEqual(alone.pixels);
      },
    ),
    { numRuns: 8 },
  );
  const colours = await read();
  expect(chooseBands(all, 'rgb').pixels).toEqual(colours.pixels);
  expect(chooseBands(all, 'rgb').bands).toBeUndefined();
  expect(chooseBands(all, undefined)).toBe(all);
  expect(chooseBands(colours, 'rgb')).toBe(colours);
  // A network of colours reads a set of bands too.
  expect(bandsFor(all, { channels: 3 }).pixels).toEqual(colours.pixels);
  expect(contactSheet(all)).toEqual(contactSheet(colours));
});

describe('what a set does not have is said', () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['bands of colours', async () => chooseBands(await read(), [8]), /^made holds red, green and blue alone/],
    [
      'one that was not kept',
      async () => chooseBands(await read([8, 4]), [8, 2]),
      /bands 8 and 4 of 13, and not band 2/,
    ],
    ['colours of which one is missing', async () => chooseBands(await read([8, 4]), 'rgb'), /not band 3/],
    [
      'what a network reads',
      async () => requireChannels(await read([8]), { channels: 1, bands: { of: 12, numbers: [8] } }),
      /reads bands 8 of 12, but made has files of 13 bands/,
    ],
    [
      'bands for a network, of a set of colours',
      async () => requireChannels(await read(), { channels: 1, bands: { of: 13, numbers: [8] } }),
      /made holds colours alone/,
    ],
    [
      'tiles with different numbers of bands',
      () => readDataset('made', folder(tile(0), tile(1, 12)), { bands: 'all' }),
      /wood\/1\.tif has 12 bands while field\/0\.tif has 13/,
    ],
  ])('%s', async (_, ask, words) => {
    await expect(ask()).rejects.toThrow(BadInput);
    await expect(ask()).rejects.toThrow(words);
  });
});
