import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contactSheet, placesPerClass, shownRanks } from './contactSheet';
import { noiseDataset } from './testing/pictures';
import { shrinkTiles, subset } from './tiles';

test('the ranks shown are distinct, ascending and within the class', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 8 }), (tiles, places) => {
      const ranks = shownRanks(tiles, places);
      expect(ranks.length).toBe(Math.min(tiles, places));
      expect([...new Set(ranks)].sort((a, b) => a - b)).toEqual(ranks);
      for (const rank of ranks) expect(rank >= 0 && rank < tiles).toBe(true);
    }),
  );
});

test('a thumbnail is the tile itself where it is small, and its block means where it is large', () => {
  for (const size of [4, 64]) {
    const dataset = noiseDataset([3, 20], size);
    const sheet = contactSheet(dataset);
    expect([sheet.side, sheet.perClass]).toEqual([Math.min(size, 32), 8]);
    const shown = [...shownRanks(3, 8), ...shownRanks(20, 8).map((rank) => 3 + rank)];
    const expected = shrinkTiles(subset(dataset, shown), sheet.side).pixels;
    const length = sheet.side ** 2 * 3;
    expect(sheet.pixels.subarray(0, 3 * length)).toEqual(expected.subarray(0, 3 * length));
    expect(sheet.pixels.subarray(3 * length, 8 * length).every((value) => value === 0)).toBe(true);
    expect(sheet.pixels.subarray(8 * length)).toEqual(expected.subarray(3 * length));
  }
});

test('sizes that do not divide, and one channel, are taken too', () => {
  const { channels: _, ...rest } = noiseDataset([2, 2], 50);
  const grey = { ...rest, channels: 1, pixels: rest.pixels.subarray(0, 4 * 2500) };
  const sheet = contactSheet(grey);
  expect(sheet.side).toBe(25);
  expect(sheet.pixels[0]).toBe(sheet.pixels[2]);
});

test('many classes share the room of a few', () => {
  expect([2, 10, 60, 256].map(placesPerClass)).toEqual([8, 8, 4, 1]);
});
