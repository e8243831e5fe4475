import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from '../errors';
import { DEFAULT_FRACTIONS, SPLIT_NAMES, stratifiedSplit } from './splits';
import { noiseDataset } from './testing/pictures';
import { classCounts } from './tiles';

const classSizes = fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 2, maxLength: 6 });
const fractions = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .map(([a, b, c]) => ({ train: a / (a + b + c), val: b / (a + b + c), test: c / (a + b + c) }));

test('parts are ascending, disjoint, complete, and hold their share of every class', () => {
  fc.assert(
    fc.property(classSizes, fractions, fc.integer(), (sizes, shares, seed) => {
      const dataset = noiseDataset(sizes, 2);
      const splits = stratifiedSplit(dataset, shares, seed);
      const all = SPLIT_NAMES.flatMap((name) => [...splits[name]]);
      expect([...all].sort((a, b) => a - b)).toEqual([...dataset.labels.keys()]);
      for (const name of SPLIT_NAMES) {
        const part = [...splits[name]];
        expect(part).toEqual([...part].sort((a, b) => a - b));
        for (const [label, count] of classCounts(dataset, part).entries()) {
          expect(count).toBeGreaterThanOrEqual(1);
          // Within one of the quota, unless a part that would be empty took a tile (or two did).
          const quota = sizes[label] * shares[name];
          const tight = SPLIT_NAMES.every((other) => sizes[label] * shares[other] >= 1);
          if (tight) expect(Math.abs(count - quota)).toBeLessThan(1);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('60/20/20 of 100 tiles are 60, 20 and 20 of each class', () => {
  const dataset = noiseDataset([100, 50], 2);
  const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, 1);
  expect(SPLIT_NAMES.map((name) => classCounts(dataset, splits[name]))).toEqual([
    [60, 30],
    [20, 10],
    [20, 10],
  ]);
});

test('the seed decides, and a class is split the same whatever the other classes hold', () => {
  const dataset = noiseDataset([30, 30], 2);
  const split = (seed: number) => stratifiedSplit(dataset, DEFAULT_FRACTIONS, seed);
  expect(split(5)).toEqual(split(5));
  expect(split(5).train).not.toEqual(split(6).train);
  const larger = stratifiedSplit(noiseDataset([30, 40], 2), DEFAULT_FRACTIONS, 5);
  const first = (list: Uint32Array) => [...list].filter((i) => i < 30);
  expect(first(larger.train)).toEqual(first(split(5).train));
});

test('what cannot be split is refused', () => {
  const split = (sizes: number[], shares = DEFAULT_FRACTIONS) =>
    stratifiedSplit(noiseDataset(sizes, 2), shares, 1);
  expect(() => split([10, 2])).toThrow(
    new BadInput('The class class 1 has 2 of the three tiles that a split needs; add some.'),
  );
  expect(() => split([10])).toThrow(/one class only/);
  expect(() => split([10, 10], { train: 0.9, val: 0.2, test: 0.2 })).toThrow(/sum 1/);
  expect(() => split([10, 10], { train: 0.8, val: 0.2, test: 0 })).toThrow(/positive/);
  expect([...split([3, 3]).val]).toHaveLength(2);
});
