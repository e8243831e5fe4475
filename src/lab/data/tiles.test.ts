import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from '../errors';
import { cases } from '../testing/properties';
import { noiseDataset } from './testing/pictures';
import {
  boxAverage,
  channelStatistics,
  classCounts,
  datasetHash,
  padTiles,
  shrinkTiles,
  subset,
} from './tiles';

/** One turn counter-clockwise of a size × size × channels tile, straight from its definition. */
function turned(tile: Uint8Array, size: number, channels: number): Uint8Array {
  const out = new Uint8Array(tile.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < channels; c++) {
        out[(y * size + x) * channels + c] = tile[(x * size + (size - 1 - y)) * channels + c];
      }
    }
  }
  return out;
}

test('shrinking is the block mean rounded half up', () => {
  expect([
    ...boxAverage(Uint8Array.of(0, 0, 0, 2, 1, 1, 1, 0, 255, 255, 255, 255, 10, 0, 0, 0), 8, 2, 1, 2),
  ]).toEqual([1, 1, 255, 3]);
});

test('shrinking commutes with turns, exactly', () => {
  fc.assert(
    fc.property(fc.constantFrom(2, 4), fc.integer({ min: 1, max: 5 }), fc.integer(), (k, small, seed) => {
      const size = k * small;
      const { pixels } = noiseDataset([1], size, seed);
      const thenTurned = turned(boxAverage(pixels, size, size, 3, k), small, 3);
      expect(boxAverage(turned(pixels, size, 3), size, size, 3, k)).toEqual(thenTurned);
    }),
  );
});

test('a data set shrinks tile by tile, and only evenly', () => {
  const dataset = noiseDataset([2, 3], 8);
  const small = shrinkTiles(dataset, 4);
  expect([small.size, small.count, small.pixels.length]).toEqual([4, 5, 5 * 48]);
  expect(small.pixels.slice(4 * 48)).toEqual(shrinkTiles(subset(dataset, [4]), 4).pixels);
  expect(shrinkTiles(dataset, 8)).toBe(dataset);
  expect(() => shrinkTiles(dataset, 3)).toThrow(BadInput);
  expect(() => shrinkTiles(dataset, 16)).toThrow(/do not shrink evenly to 16×16/);
});

test('a subset keeps tiles, labels and keys together', () => {
  const dataset = noiseDataset([2, 2], 2);
  const part = subset(dataset, [3, 0]);
  expect(part.keys).toEqual([dataset.keys[3], dataset.keys[0]]);
  expect([...part.labels]).toEqual([1, 0]);
  expect(part.pixels.slice(0, 12)).toEqual(dataset.pixels.slice(36, 48));
  expect(classCounts(part)).toEqual([1, 1]);
  expect(() => subset(dataset, [4])).toThrow(RangeError);
});

test('padding puts the tile in the middle of zeros', () => {
  const dataset = noiseDataset([2, 1], 4);
  const larger = padTiles(dataset, 8);
  expect([larger.size, larger.pixels.length, larger.keys]).toEqual([8, 3 * 8 * 8 * 3, dataset.keys]);
  const at = (set: typeof dataset, tile: number, y: number, x: number, c: number) =>
    y < 0 || x < 0 || y >= set.size || x >= set.size
      ? 0
      : set.pixels[((tile * set.size + y) * set.size + x) * set.channels + c];
  for (let i = 0; i < larger.pixels.length; i++) {
    const [c, x, y, tile] = [i % 3, Math.floor(i / 3) % 8, Math.floor(i / 24) % 8, Math.floor(i / 192)];
    expect(larger.pixels[i]).toBe(at(dataset, tile, y - 2, x - 2, c));
  }
  for (const size of [7, 2]) expect(() => padTiles(dataset, size)).toThrow(/cannot be padded evenly/);
});

test('channel statistics equal the two-pass definition, in any order of tiles', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer(), (n, seed) => {
      const dataset = noiseDataset([n], 4, seed);
      const indices = [...dataset.labels.keys()];
      const { mean, std } = channelStatistics(dataset, indices);
      for (let c = 0; c < 3; c++) {
        const values = [...dataset.pixels].filter((_, i) => i % 3 === c).map((value) => value / 255);
        const average = values.reduce((a, b) => a + b) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
        expect(mean[c]).toBeCloseTo(average, 12);
        expect(std[c]).toBeCloseTo(Math.sqrt(variance), 12);
      }
      expect(channelStatistics(dataset, indices.reverse())).toEqual({ mean, std });
    }),
    { numRuns: cases(30) },
  );
});

test('the hash sees pixels, labels, size and classes, not names', () => {
  const dataset = noiseDataset([2, 2], 4);
  const hash = datasetHash(dataset);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(datasetHash({ ...dataset, ...{ name: 'other', keys: [] } })).toBe(hash);
  const pixels = dataset.pixels.slice();
  pixels[pixels.length - 1] ^= 1;
  const labels = dataset.labels.slice();
  labels[0] = 1;
  const others = [{ pixels }, { labels }, { size: 2 }, { classes: ['class 0', 'class 2'] }];
  const hashes = others.map((change) => datasetHash({ ...dataset, ...change }));
  expect(new Set([hash, ...hashes]).size).toBe(5);
});
