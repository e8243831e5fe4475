import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { deadUnits, unitStatistics } from './statistics';
import { bySaliency, keptCount, keptUnits, removedUnits } from './units';

describe('how many units stay', () => {
  test('is the floor, immune to binary fractions, and never zero', () => {
    expect(keptCount(90, 0.3)).toBe(63);
    expect(keptCount(128, 0.3)).toBe(89);
    expect(keptCount(128, 0.99)).toBe(1);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 99 }), (n, percent) => {
        const exact = Math.floor((n * (100 - percent)) / 100);
        expect(keptCount(n, percent / 100)).toBe(Math.max(1, exact));
      }),
    );
  });

  test.each([1, 1.5, -0.1, Number.NaN])('%d is refused with a sentence', (ratio) => {
    expect(() => keptCount(10, ratio)).toThrow(BadInput);
  });
});

describe('ranking', () => {
  test('puts higher saliency first and breaks ties by the lower index', () => {
    expect(Array.from(bySaliency([1, 3, 2, 3, 1]))).toEqual([1, 3, 2, 0, 4]);
  });

  test('kept and removed units are ascending, disjoint and complete', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        (values, pick) => {
          const kept = keptUnits(bySaliency(values), 1 + (pick % values.length));
          const removed = removedUnits(kept, values.length);
          const all = [...kept, ...removed].sort((a, b) => a - b);
          expect(all).toEqual(values.map((_, i) => i));
          expect([...kept]).toEqual([...kept].sort((a, b) => a - b));
          const worstKept = Math.min(...[...kept].map((i) => values[i]));
          for (const i of removed) expect(values[i]).toBeLessThanOrEqual(worstKept);
        },
      ),
    );
  });
});

test('unit statistics are the mean and population variance', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 }),
      (xs) => {
        const { mean, variance } = unitStatistics(Float32Array.from(xs.flatMap((x) => [x, 5])), 2);
        const average = xs.reduce((a, b) => a + b, 0) / xs.length;
        const spread = xs.reduce((a, b) => a + (b - average) ** 2, 0) / xs.length;
        expect(mean[0]).toBeCloseTo(average, 6);
        expect(variance[0]).toBeCloseTo(spread, 4);
        expect(deadUnits({ mean, variance, tiles: xs.length })).toBeGreaterThanOrEqual(1);
      },
    ),
  );
});
