import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RANKINGS, rankUnits, startsOf, stayingOrder } from './rank';
import { stopAt, stopsOf } from './stops';

/** Saliencies of some blocks, with ties among them. */
const blocks = fc.array(
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 })
    .map((values) => Float64Array.from(values)),
  { minLength: 1, maxLength: 5 },
);

test('at every stop the first of the order stay, and as many are gone as the stop says', () => {
  fc.assert(
    fc.property(blocks, fc.constantFrom(...RANKINGS), (saliency, ranking) => {
      const counts = saliency.map(({ length }) => length);
      const units = counts.reduce((sum, count) => sum + count, 0);
      const starts = startsOf(counts);
      const order = stayingOrder(saliency, ranking);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: units }, (_, i) => i));
      const stops = stopsOf(counts, ranking);
      expect(stops[0].removed).toBe(0);
      for (const [i, { ratio, removed }] of stops.entries()) {
        if (i > 0) expect(removed).toBeGreaterThan(stops[i - 1].removed);
        const { kept } = rankUnits(saliency, ratio, ranking);
        const stay = kept.flatMap((each, block) => Array.from(each, (unit) => starts[block] + unit));
        expect(stay.length).toBe(units - removed);
        expect(stay).toEqual([...order.subarray(0, units - removed)].sort((a, b) => a - b));
        expect(stopAt(stops, removed)).toBe(stops[i]);
      }
    }),
  );
});

test('of few units every number is a stop, of many the tenths', () => {
  expect(stopsOf([3, 3], 'network').map(({ removed }) => removed)).toEqual([0, 1, 2, 3, 4]);
  expect(stopsOf([3, 3], 'block').map(({ removed }) => removed)).toEqual([0, 2, 4]);
  expect(stopsOf([100, 100], 'network').map(({ removed }) => removed)).toEqual([
    0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 190,
  ]);
});
