import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tinyDataset } from '../../testing/tiny';
import { foldSplit } from './folds';

const FRACTIONS = { train: 0.6, val: 0.2, test: 0.2 };

/** Classes of unequal size. */
function uneven(counts: readonly number[]) {
  const labels = counts.flatMap((count, label) => Array<number>(count).fill(label));
  return {
    classes: counts.map((_, label) => `class ${label}`),
    labels: Uint8Array.from(labels),
    keys: labels.map((label, i) => `${label}/${i}`),
  };
}

test('every tile is tested in one fold, parts are disjoint and whole, folds and their classes as even as can be', () => {
  const counts = fc.array(fc.integer({ min: 10, max: 60 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 2, max: 8 }), fc.nat(1000), (sizes, folds, seed) => {
      const data = uneven(sizes);
      const parts = Array.from({ length: folds }, (_, fold) =>
        foldSplit(data, FRACTIONS, seed, { of: folds, fold }),
      );
      const tested = parts.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
      expect(tested).toEqual([...data.keys.keys()]);
      const tests = parts.map(({ test }) => test.length);
      expect(Math.max(...tests) - Math.min(...tests)).toBeLessThanOrEqual(1);
      for (const { train, val, test } of parts) {
        expect([...train, ...val, ...test].sort((a, b) => a - b)).toEqual([...data.keys.keys()]);
        for (const part of [train, val, test]) {
          expect(new Set(Array.from(part, (tile) => data.labels[tile])).size).toBe(sizes.length);
        }
        for (const [label, size] of sizes.entries()) {
          const here = Array.from(test).filter((tile) => data.labels[tile] === label).length;
          expect(Math.abs(here - size / folds)).toBeLessThan(1);
        }
      }
    }),
  );
});

test('a pure function of its arguments; another seed deals otherwise', () => {
  const data = tinyDataset(20);
  const of = (seed: number) => foldSplit(data, FRACTIONS, seed, { of: 5, fold: 1 }).test;
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

test('folds that there are not, classes too small, and official parts are refused', () => {
  const data = uneven([10, 4]);
  expect(() => foldSplit(data, FRACTIONS, 1, { of: 5, fold: 5 })).toThrow(/no fold 5 of 5: they are 0 to 4/);
  expect(() => foldSplit(data, FRACTIONS, 1, { of: 5, fold: 0 })).toThrow(
    /class 1 has 4 tiles, too few for 5 folds/,
  );
});
