import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { cases } from '../../testing/properties';
import { noiseDataset } from '../testing/pictures';
import { classCounts } from '../tiles';
import { limitSplit } from './limit';
import { DEFAULT_FRACTIONS, SPLIT_NAMES, stratifiedSplit } from './splits';

const sizes = fc.array(fc.integer({ min: 10, max: 80 }), { minLength: 2, maxLength: 5 });

test('each part has at most its limit, drawn from itself, with its share of every class', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 20, max: 120 }), fc.integer({ min: 0 }), (perClass, most, seed) => {
      const dataset = noiseDataset(perClass, 2);
      const whole = stratifiedSplit(dataset, DEFAULT_FRACTIONS, seed);
      const limited = limitSplit(dataset, whole, { train: most, test: 5 * perClass.length });
      expect(limited.val).toBe(whole.val);
      for (const part of SPLIT_NAMES) {
        expect([...limited[part]]).toEqual([...limited[part]].sort((a, b) => a - b));
        expect([...limited[part]].every((tile) => whole[part].includes(tile))).toBe(true);
        expect(new Set(limited[part]).size).toBe(limited[part].length);
      }
      expect(limited.train).toHaveLength(Math.min(most, whole.train.length));
      const of = classCounts(dataset, whole.train);
      for (const [label, count] of classCounts(dataset, limited.train).entries()) {
        expect(Math.abs(count - (of[label] * limited.train.length) / whole.train.length)).toBeLessThan(1);
      }
    }),
    { numRuns: cases(60) },
  );
});

test('the seed decides, and a larger limit keeps the tiles of a smaller one', () => {
  const dataset = noiseDataset([60, 60], 2);
  const whole = (seed: number) => stratifiedSplit(dataset, DEFAULT_FRACTIONS, seed);
  const train = (seed: number, most: number) => [...limitSplit(dataset, whole(seed), { train: most }).train];
  expect(train(1, 20)).toEqual(train(1, 20));
  expect(train(1, 20)).not.toEqual(train(2, 20));
  expect(train(1, 40)).toEqual(expect.arrayContaining(train(1, 20)));
});

test('a limit that would lose a class is refused', () => {
  const dataset = noiseDataset([60, 10], 2);
  const splits = stratifiedSplit(dataset, DEFAULT_FRACTIONS, 1);
  expect(() => limitSplit(dataset, splits, { test: 2 })).toThrow(
    new BadInput('A limit of 2 test tiles leaves none of the class class 1; allow some more.'),
  );
});
