import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { crossedMean, intervalOf, pAgainst } from './crossed';
import { drawTrial, pigeonholeError, type World } from './testing/trials';

/** From NumPy 2, by the textbook's sums of squares. */
test('mean squares and components as NumPy computes them', () => {
  const values = [
    [1, -1, -1, -1, -1, 1, 1, 0],
    [-1, -1, -1, 0, 0, 0, -1, -1],
    [1, 1, -1, -1, 0, 0, 1, 0],
  ];
  const found = crossedMean(values, [1, -1]);
  expect(found).toMatchObject({ tiles: 8, seeds: 3, folds: 1 });
  expect(found.mean).toBeCloseTo(-1 / 6, 12);
  expect(found.error).toBeCloseTo(0.24827446836155273, 12);
  expect(found.freedom).toBeCloseTo(5.0246656485723555, 10);
  expect(found.components.tiles).toBeCloseTo(0.22751322751322756, 12);
  expect(found.components.seeds).toBeCloseTo(0.07142857142857141, 12);
  expect(found.components.rest).toBeCloseTo(0.5952380952380952, 12);
});

const matrix = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 3, max: 30 }))
  .chain(([seeds, tiles]) =>
    fc.array(fc.array(fc.constantFrom(-1, 0, 1), { minLength: tiles, maxLength: tiles }), {
      minLength: seeds,
      maxLength: seeds,
    }),
  );

describe('whatever the answers', () => {
  test('the interval leaves a bound out exactly where p is below 5 %', () => {
    fc.assert(
      fc.property(matrix, fc.double({ min: -1, max: 1, noNaN: true }), (values, bound) => {
        const found = crossedMean(values, [1, -1]);
        const [low, high] = intervalOf(found);
        fc.pre(Math.min(Math.abs(low - bound), Math.abs(high - bound)) > 1e-6);
        expect(pAgainst(found, bound) < 0.05).toBe(bound < low || bound > high);
      }),
    );
  });

  test('two kinds changed about, or tiles in another order: the same but for the sign', () => {
    fc.assert(
      fc.property(matrix, (values) => {
        const found = crossedMean(values, [1, -1]);
        const other = crossedMean(
          values.map((row) => row.map((value) => -value).reverse()).reverse(),
          [1, -1],
        );
        expect(other.mean).toBeCloseTo(-found.mean, 12);
        expect(other.error).toBeCloseTo(found.error, 12);
      }),
    );
  });

  test('the same networks again as another seed tell no more of tiles: the error stays that of tiles', () => {
    fc.assert(
      fc.property(matrix, ([row]) => {
        const [twice, often] = [2, 9].map((seeds) => crossedMean(Array(seeds).fill(row), [1, -1]));
        expect(often.error).toBeCloseTo(twice.error, 12);
        expect(often.components.seeds).toBe(0);
      }),
    );
  });

  test('one fold is no fold', () => {
    fc.assert(
      fc.property(matrix, (values) => {
        expect(crossedMean(values, [1, -1], new Uint8Array(values[0].length))).toEqual(
          crossedMean(values, [1, -1]),
        );
      }),
    );
  });
});

test('networks that never differ are not told to be the same beyond what tiles can tell', () => {
  const never = [new Float64Array(213), new Float64Array(213), new Float64Array(213)];
  const [low, high] = intervalOf(crossedMean(never, [1, -1]));
  expect(low).toBeCloseTo(-high, 12);
  // About 3/n, by the rule of three.
  expect(high).toBeGreaterThan(0.01);
  expect(high).toBeLessThan(0.02);
});

const WORLDS: readonly [string, World][] = [
  ['seeds alike', { tiles: 120, seeds: 3, tile: 2, inter: 1, network: 0, better: 0 }],
  ['seeds that differ', { tiles: 213, seeds: 3, tile: 2, inter: 1, network: 0.3, better: 0 }],
  ['five seeds that differ', { tiles: 300, seeds: 5, tile: 2, inter: 1, network: 0.3, better: 0 }],
  ['two seeds that differ', { tiles: 213, seeds: 2, tile: 2, inter: 1, network: 0.3, better: 0 }],
  ['five folds', { tiles: 250, seeds: 2, folds: 5, tile: 2, inter: 1, network: 0.3, better: 0 }],
];

test.each(WORLDS)('neither kind is better, %s: told apart in 5 % of all trials or fewer', (_, world) => {
  const trials = cases(2000, 500);
  let [wrong, pooled] = [0, 0];
  for (let i = 0; i < trials; i++) {
    const { values, folds } = drawTrial(world, world.tiles, i);
    if (pAgainst(crossedMean(values, [1, -1], world.folds ? folds : undefined), 0) < 0.05) wrong++;
    let [gained, lost] = [0, 0];
    for (const row of values)
      for (const value of row) {
        if (value > 0) gained++;
        if (value < 0) lost++;
      }
    if ((gained - lost) ** 2 > 1.96 ** 2 * (gained + lost)) pooled++;
  }
  // Three deviations of a share of so many trials above 5 %.
  expect(wrong / trials).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials));
  // All tiles of all seeds in one McNemar test, as if they were independent, is wrong far more often.
  if (world.network > 0) expect(pooled).toBeGreaterThan(1.5 * wrong);
});

test('the pigeonhole bootstrap finds about the same error, or a little more', () => {
  const world = { tiles: 200, seeds: 6, tile: 2, inter: 1, network: 0.2, better: 0.3 };
  const ratios = Array.from({ length: 12 }, (_, i) => {
    const { values } = drawTrial(world, 77, i);
    return pigeonholeError(values, 300, i) / crossedMean(values, []).error;
  });
  const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
  expect(mean).toBeGreaterThan(0.95);
  expect(mean).toBeLessThan(1.4);
});
