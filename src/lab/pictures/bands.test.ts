import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { jpeg, loadCodecs, picture } from '../data/testing/pictures';
import { BadInput } from '../errors';
import { cases } from '../testing/properties';
import { bandWords, byteOf, colourChannels, numbersOf, rootByte, sentinel2Byte } from './bands';
import { decodeBands, decodeFor, decodePicture } from './decode/decode';
import { tiffOf } from './testing/tiffs';
import type { TiffField } from './tiff/file';

beforeAll(loadCodecs);

const [width, height] = [9, 7];
const reflectance = (x: number, y: number, band: number) => (977 * x + 331 * y + 613 * band * band) % 11_000;
const wish = fc.oneof(
  fc.constantFrom('all' as const, 'rgb' as const),
  fc.uniqueArray(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 13 }),
);

test('bands of any layout come in the order that was asked for, in bytes that are the same in every file', async () => {
  const layout = fc.record({ tile: fc.constantFrom(undefined, 16), isPlanar: fc.boolean(), wish });
  await fc.assert(
    fc.asyncProperty(layout, async ({ wish, ...sketch }) => {
      const file = tiffOf({ width, height, bands: 13, bits: 16, colours: 1, ...sketch }, reflectance);
      const read = await decodeBands(file, 's2.tif', wish);
      const numbers = numbersOf(wish, 13, 's2.tif');
      expect([read.channels ?? 3, read.bands?.numbers]).toEqual([
        numbers.length,
        wish === 'rgb' ? undefined : numbers,
      ]);
      read.data.forEach((byte, i) => {
        const [p, number] = [Math.floor(i / numbers.length), numbers[i % numbers.length]];
        const value = reflectance(p % width, Math.floor(p / width), number - 1);
        expect(byte).toBe([2, 3, 4].includes(number) ? sentinel2Byte(value) : rootByte(value));
      });
    }),
    { numRuns: cases(30) },
  );
});

test('red, green and blue by their numbers are the picture of colours', async () => {
  const file = tiffOf({ width, height, bands: 13, bits: 16, colours: 1 }, reflectance);
  expect((await decodeBands(file, 'a.tif', [4, 3, 2])).data).toEqual(
    (await decodePicture(file, 'a.tif')).data,
  );
});

test('8 bits are as they are, and alpha is none of the bands', async () => {
  const fields: TiffField[] = [{ tag: 338, type: 'short', values: [0, 2] }];
  const value = (x: number, y: number, band: number) => 1 + ((x + 9 * y + 60 * band) % 255);
  const file = tiffOf({ width, height, bands: 5, fields }, value);
  const { bands, data } = await decodeBands(file, 'rgbn.tif', 'all');
  expect(bands).toEqual({ of: 4, numbers: [1, 2, 3, 4] });
  expect([...data.subarray(0, 4)]).toEqual([0, 1, 2, 3].map((band) => value(0, 0, band)));
});

test('the root is monotone, from 1 to 255, with small steps where reflectances are small', () => {
  const all = Array.from({ length: 65_536 }, (_, x) => rootByte(x));
  expect([all[0], all[10_000], all[65_535]]).toEqual([1, 255, 255]);
  // Cirrus lies between 5 and 40, and keeps its differences; the colours' own scale would make one value of it.
  expect(new Set(all.slice(5, 41)).size).toBeGreaterThan(8);
  expect(all.every((byte, x) => x === 0 || byte >= all[x - 1])).toBe(true);
  expect(byteOf({ of: 4, bits: 16 }, 1)).toBeNull();
});

test('which channels show colours', () => {
  expect(colourChannels({ channels: 3 })).toEqual([0, 1, 2]);
  expect(colourChannels({ channels: 1 })).toEqual([0, 0, 0]);
  expect(colourChannels({ channels: 4, bands: { of: 13, numbers: [8, 2, 3, 4] } })).toEqual([3, 2, 1]);
  expect(colourChannels({ channels: 2, bands: { of: 13, numbers: [8, 11] } })).toEqual([0, 1, 1]);
  expect(bandWords({ of: 13, numbers: [1, 2, 8] })).toBe('1, 2 and 8 of 13');
  expect(bandWords({ of: 2, numbers: [1, 2] })).toBe('all 2');
});

describe('what cannot be chosen is said', () => {
  const s2 = () => tiffOf({ width, height, bands: 13, bits: 16, colours: 1 }, reflectance);
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a band that is none', () => decodeBands(s2(), 'a.tif', [14]), /^a\.tif has 13 bands and no band 14/],
    ['one twice', () => decodeBands(s2(), 'a.tif', [8, 8]), /^Band 8 is chosen twice/],
    [
      'more than a network reads',
      () => decodeBands(tiffOf({ width, height, bands: 20 }), 'a.tif', 'all'),
      /reads 16 at most/,
    ],
    [
      'values that need a stretch of their own',
      () => decodeBands(tiffOf({ width, height, bands: 4, bits: 16 }), 'a.tif', 'all'),
      /^a\.tif has 4 bands of 16 bits/,
    ],
    [
      'bands of a JPEG',
      async () => decodeBands(await jpeg(picture(16, 8)), 'a.jpg', 'all'),
      /^a\.jpg is no TIFF, so it has no bands/,
    ],
    [
      'another number of bands than a network knows',
      () => decodeFor({ bands: { of: 12, numbers: [8] } }, s2(), 'a.tif'),
      /^The network reads bands 8 of 12, but a\.tif has 13\.$/,
    ],
  ])('%s', async (_, read, words) => {
    await expect(read()).rejects.toThrow(BadInput);
    await expect(read()).rejects.toThrow(words);
  });
});
