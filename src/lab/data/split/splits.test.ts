import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { cases } from '../../testing/properties';
import { noiseDataset } from '../testing/pictures';
import { classCounts } from '../tiles';
import { DEFAULT_FRACTIONS, SPLIT_NAMES, stratifiedSplit } from './splits';

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
    { numRuns: cases(60) },
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

describe('official parts', () => {
  /** Tiles of two classes, so many in each part. */
  const inParts = (parts: Record<string, readonly [number, number]>) => {
    const tiles = Object.entries(parts).flatMap(([part, counts]) =>
      counts.flatMap((n, label) =>
        Array.from({ length: n }, (_, i) => ({ key: `${part}/c${label}/${i}`, label })),
      ),
    );
    return {
      classes: ['c0', 'c1'],
      labels: Uint8Array.from(tiles, ({ label }) => label),
      keys: tiles.map(({ key }) => key),
    };
  };
  const keysOf = ({ keys }: { keys: string[] }, part: Uint32Array) => [...part].map((i) => keys[i]);

  test('the official test part is the test part, whatever its share; the rest is divided', () => {
    const dataset = inParts({ train: [60, 80], test: [5, 7] });
    const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, 1);
    expect(keysOf(dataset, splits.test)).toEqual(dataset.keys.filter((key) => key.startsWith('test/')));
    expect([splits.train.length, splits.val.length]).toEqual([45 + 60, 15 + 20]);
    expect([...splits.train, ...splits.val, ...splits.test].sort((a, b) => a - b)).toEqual([
      ...dataset.keys.keys(),
    ]);
    expect(stratifiedSplit(dataset, DEFAULT_FRACTIONS, 2).val).not.toEqual(splits.val);
  });

  test.each(['val', 'valid', 'validation'])('an official %s part is kept as well', (name) => {
    const dataset = inParts({ train: [6, 8], [name]: [2, 1], test: [5, 7] });
    const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, 1);
    const parts = [splits.train, splits.val, splits.test].map((part) => keysOf(dataset, part));
    expect(parts).toEqual(
      ['train/', `${name}/`, 'test/'].map((p) => dataset.keys.filter((k) => k.startsWith(p))),
    );
  });

  test('one part alone, or keys outside of any, are split at random', () => {
    for (const parts of [
      { train: [10, 10] },
      { test: [10, 10] },
      { train: [5, 5], test: [4, 4], more: [1, 1] },
    ]) {
      const splits = stratifiedSplit(inParts(parts as never), DEFAULT_FRACTIONS, 1);
      expect([splits.train.length, splits.val.length, splits.test.length]).toEqual([12, 4, 4]);
    }
    const classes = { classes: ['test', 'train'], labels: Uint8Array.of(0, 0, 0, 1, 1, 1) };
    const keys = ['test/0', 'test/1', 'test/2', 'train/0', 'train/1', 'train/2'];
    expect(stratifiedSplit({ ...classes, keys }, DEFAULT_FRACTIONS, 1).test).toHaveLength(2);
  });

  test('a class that an official part lacks is named', () => {
    const split = (parts: Record<string, readonly [number, number]>) =>
      stratifiedSplit(inParts(parts), DEFAULT_FRACTIONS, 1);
    expect(() => split({ train: [5, 5], test: [5, 0] })).toThrow(
      /^The class c1 has 0 of the one tile that it needs in the data's own test part; add some, or rename/,
    );
    expect(() => split({ train: [1, 5], test: [5, 1] })).toThrow(/^The class c0 has 1 of the two tiles/);
  });
});

test('parts that the set names itself are kept like those of its keys', () => {
  const counts = fc.array(
    fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 6 })),
    {
      minLength: 2,
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(counts, fc.integer(), (sizes, seed) => {
      const hasVal = sizes.every(([, val]) => val > 0);
      const tiles = sizes.flatMap((each, label) =>
        each.flatMap((n, part) =>
          part === 1 && !hasVal ? [] : Array.from({ length: n }, () => ({ label, part })),
        ),
      );
      const dataset = {
        classes: sizes.map((_, label) => `c${label}`),
        labels: Uint8Array.from(tiles, ({ label }) => label),
        keys: tiles.map(({ label }, i) => `c${label}/${i}`),
        parts: Uint8Array.from(tiles, ({ part }) => part),
      };
      const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, seed);
      const of = (part: number) => tiles.flatMap((tile, i) => (tile.part === part ? [i] : []));
      expect([...splits.test]).toEqual(of(2));
      if (hasVal) expect([[...splits.train], [...splits.val]]).toEqual([of(0), of(1)]);
      else expect([...splits.train, ...splits.val].sort((a, b) => a - b)).toEqual(of(0));
      const keys = tiles.map(({ label, part }, i) => `${SPLIT_NAMES[part]}/c${label}/${i}`);
      expect(stratifiedSplit({ ...dataset, parts: undefined, keys }, DEFAULT_FRACTIONS, seed)).toEqual(
        splits,
      );
    }),
  );
});
