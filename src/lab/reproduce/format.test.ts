import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSpread, points, share, tilePoints } from './format';

test('one decimal, and more only where nothing or all would be wrong', () => {
  expect([0.7325, 0.0725, 0, 1, -0.012, 0.0005].map(points)).toEqual([
    '73.3',
    '7.3',
    '0.0',
    '100.0',
    '-1.2',
    '0.1',
  ]);
  expect([0.0004, 0.00002, -0.0004, 0.99998, 0.9996].map(points)).toEqual([
    ...['0.04', '0.002', '-0.04', '99.998', '99.96'],
  ]);
  // Rounding of floats, and more than all.
  expect([1e-7, 1.00008].map(points)).toEqual(['0.0', '100.0']);
  expect(share(0.99998)).toBe('99.998\u00a0%');
  expect(formatSpread({ mean: 0.964, sd: 0.0002, values: [] })).toBe('96.4 ± 0.02');
});

test('what a tile counts', () => {
  expect([213, 1000, 10_000, 50_000].map(tilePoints)).toEqual(['0.47', '0.10', '0.01', '0.002']);
});

test('of no number of tiles do a few read as none of them or all', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (tiles, at) => {
        const right = Math.round(at * tiles);
        const shown = points(right / tiles);
        expect(Number(shown) === 0).toBe(right === 0);
        expect(Number(shown) === 100).toBe(right === tiles);
        expect(Math.abs(Number(shown) - (100 * right) / tiles)).toBeLessThan(0.0501);
      },
    ),
  );
});
