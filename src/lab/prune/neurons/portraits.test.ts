import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { unitStatistics } from '../units/statistics';
import { classMeansOf, neuronsOf, TOP_TILES, topOf } from './portraits';
import type { Study } from './study';

const UNITS = 3;
/** Few different values, so that ties and zeros abound. */
const anyActivations = fc
  .array(fc.array(fc.integer({ min: -1, max: 4 }), { minLength: UNITS, maxLength: UNITS }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((rows) => Float32Array.from(rows.flat()));

test('the top tiles are those with the largest activations above 0, the earlier first among equals', () => {
  fc.assert(
    fc.property(anyActivations, (activations) => {
      const { topTiles, topActivations } = topOf(activations, UNITS);
      for (let unit = 0; unit < UNITS; unit++) {
        const expected = Array.from({ length: activations.length / UNITS }, (_, tile) => ({
          tile,
          value: activations[tile * UNITS + unit],
        }))
          .filter(({ value }) => value > 0)
          .sort((a, b) => b.value - a.value || a.tile - b.tile)
          .slice(0, TOP_TILES);
        const found = Array.from({ length: TOP_TILES }, (_, i) => ({
          tile: topTiles[unit * TOP_TILES + i],
          value: topActivations[unit * TOP_TILES + i],
        }));
        expect(found.filter(({ tile }) => tile >= 0)).toEqual(expected);
        expect(found.slice(expected.length).every(({ tile, value }) => tile === -1 && value === 0)).toBe(
          true,
        );
      }
    }),
  );
});

test('class means are sums over counts, and unknown for a class without a tile', () => {
  fc.assert(
    fc.property(anyActivations, fc.nat(), (activations, seed) => {
      const labels = Uint8Array.from({ length: activations.length / UNITS }, (_, t) => (t * 7 + seed) % 3);
      const means = classMeansOf(activations, labels, UNITS, 4);
      for (let unit = 0; unit < UNITS; unit++) {
        for (let label = 0; label < 4; label++) {
          const values = [...labels.keys()]
            .filter((t) => labels[t] === label)
            .map((t) => activations[t * UNITS + unit]);
          const mean = values.reduce((a, b) => a + b, 0) / values.length;
          if (values.length === 0) expect(means[unit * 4 + label]).toBeNaN();
          else expect(means[unit * 4 + label]).toBeCloseTo(mean, 10);
        }
      }
    }),
  );
});

test.each([
  [8, 8],
  [64, 32],
  [67, 67],
])('pictures of the top tiles, and of no others: tiles of side %i become %i', (size, side) => {
  const dataset = tinyDataset(20, size);
  const splits = tinySplits(dataset);
  const tiles = splits.val;
  const hidden = Float32Array.from({ length: tiles.length * UNITS }, (_, i) => (i * 37) % 11);
  const study = {
    model: tinyModel({ hidden: UNITS }),
    dataset,
    tiles,
    turns: [{ values: new Float32Array(), width: 1, labels: tiles.map((i) => dataset.labels[i]) }],
    statistics: unitStatistics(hidden, UNITS),
  } as unknown as Study;
  const { thumbs, topTiles, labels } = neuronsOf(study, hidden);
  expect(thumbs.size).toBe(side);
  const wanted = new Set(topTiles.filter((tile) => tile >= 0));
  expect([...thumbs.rows.keys()].filter((tile) => thumbs.rows[tile] >= 0)).toEqual(
    [...wanted].sort((a, b) => a - b),
  );
  const k = size / side;
  for (const tile of wanted) {
    expect(labels[tile]).toBe(dataset.labels[tiles[tile]]);
    // The first pixel is the mean of the first block.
    const block = Array.from({ length: k * k }, (_, i) => {
      const at = Math.floor(i / k) * size + (i % k);
      return dataset.pixels[tiles[tile] * size * size * 3 + at * 3];
    });
    const mean = block.reduce((a, b) => a + b, 0) / (k * k);
    const pixel = thumbs.pixels[thumbs.rows[tile] * side * side * 3];
    expect(Math.abs(pixel - mean)).toBeLessThanOrEqual(0.5);
  }
});

test('tiles of bands are shown by those that are red, green and blue', () => {
  const colours = tinyDataset(20, 8);
  const bands = { of: 13, numbers: Array.from({ length: 13 }, (_, i) => i + 1) };
  const pixels = Uint8Array.from({ length: 13 * 64 * colours.count }, (_, i) => (i % 13) + 1);
  const dataset = { ...colours, channels: 13, bands, pixels };
  const { val } = tinySplits(dataset);
  const hidden = new Float32Array(val.length * UNITS).fill(1);
  const study = {
    model: tinyModel({ hidden: UNITS }),
    dataset,
    tiles: val,
    turns: [{ values: new Float32Array(), width: 1, labels: val.map((i) => dataset.labels[i]) }],
    statistics: unitStatistics(hidden, UNITS),
  } as unknown as Study;
  const { thumbs } = neuronsOf(study, hidden);
  expect(thumbs.channels).toBe(3);
  expect([...thumbs.pixels.subarray(0, 6)]).toEqual([4, 3, 2, 4, 3, 2]);
});
