import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { type Components, crossedMean, pAgainst } from './crossed';
import { expected, pairTilesToTell, powerAt, seedsToTell, smallestTold, tilesToTell } from './power';
import { drawTrial, type World } from './testing/trials';

const part = fc.double({ min: 1e-4, max: 0.5, noNaN: true });
const components: fc.Arbitrary<Components> = fc.record({
  tiles: part,
  seeds: part.map((value) => value / 300),
  rest: part,
});
const design = fc.record({
  tiles: fc.integer({ min: 20, max: 60000 }),
  seeds: fc.integer({ min: 2, max: 20 }),
});

describe('whatever the components', () => {
  test('the smallest distance told is told with 80 % power, a larger one with more', () => {
    fc.assert(
      fc.property(components, design, (known, plan) => {
        const least = smallestTold(known, plan);
        expect(powerAt(known, plan, least)).toBeCloseTo(0.8, 6);
        expect(powerAt(known, plan, 1.2 * least)).toBeGreaterThan(0.8);
        expect(powerAt(known, plan, 0.8 * least)).toBeLessThan(0.8);
      }),
    );
  });

  test('more seeds tell smaller distances', () => {
    fc.assert(
      fc.property(components, design, (known, plan) => {
        const [few, more] = [plan.seeds, plan.seeds + 3].map((seeds) =>
          smallestTold(known, { ...plan, seeds }),
        );
        expect(more).toBeLessThanOrEqual(few * (1 + 1e-9));
      }),
    );
  });

  test('what it takes is enough, and the least: the number before is not', () => {
    const distance = fc.double({ min: 0.005, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(components, design, distance, (known, { tiles, seeds }, apart) => {
        const needed = seedsToTell(known, apart, { tiles });
        if (needed === null) expect(smallestTold(known, { tiles, seeds: 100 })).toBeGreaterThan(apart);
        else {
          expect(powerAt(known, { tiles, seeds: needed }, apart)).toBeGreaterThanOrEqual(0.8);
          if (needed > 2) expect(powerAt(known, { tiles, seeds: needed - 1 }, apart)).toBeLessThan(0.8);
        }
        const many = tilesToTell(known, apart, { seeds });
        if (many !== null) {
          expect(powerAt(known, { tiles: many, seeds }, apart)).toBeGreaterThanOrEqual(0.8);
          if (many > 20)
            expect(powerAt(known, { tiles: Math.floor(0.8 * many), seeds }, apart)).toBeLessThan(0.8);
        }
      }),
    );
  });

  test('no number of tiles makes up for seeds that differ', () => {
    fc.assert(
      fc.property(components, fc.integer({ min: 2, max: 10 }), (known, seeds) => {
        // Below one standard error of the seeds alone.
        expect(tilesToTell(known, 0.9 * Math.sqrt(known.seeds / seeds), { seeds })).toBe(null);
      }),
    );
  });
});

/** SciPy 1.17.1: the shift at which `nct.sf(t.ppf(0.975, 10), 10, shift)` is 0.8. */
test('ten degrees of freedom: 3.10997 standard errors', () => {
  // Seeds alone: eleven of them, a deviation of 1.
  const alone = { tiles: 0, seeds: 1, rest: 0 };
  expect(smallestTold(alone, { tiles: 1, seeds: 11 }) * Math.sqrt(11)).toBeCloseTo(3.109971, 5);
  expect(expected(alone, { tiles: 1, seeds: 11 }).freedom).toBe(10);
});

test('Connor’s worked numbers for McNemar’s test', () => {
  // (1.959964·√0.3 + 0.841621·√(0.3 − 0.01))² / 0.01 = 233.1
  expect(pairTilesToTell(0.3, 0.1)).toBe(240);
  // Where one network is better on every tile that differs: 76.1.
  expect(pairTilesToTell(0, 0.1)).toBe(77);
  expect(pairTilesToTell(0.3, 0)).toBe(null);
  expect(pairTilesToTell(0.3, 1e-5)).toBe(null);
});

test('a difference of the stated size is told in about 80 % of all trials', () => {
  const world: World = { tiles: 300, seeds: 4, tile: 2, inter: 1, network: 0.15, better: 0.65 };
  // What varies, and the true difference, from many trials.
  const many = { ...world, tiles: 3000, seeds: 30 };
  const known = [0, 1, 2].map((i) => crossedMean(drawTrial(many, 5, i).values, []));
  const mean = (of: (each: (typeof known)[0]) => number) =>
    known.reduce((sum, each) => sum + of(each), 0) / 3;
  const found: Components = {
    tiles: mean(({ components }) => components.tiles),
    seeds: mean(({ components }) => components.seeds),
    rest: mean(({ components }) => components.rest),
  };
  const stated = powerAt(
    found,
    world,
    mean((each) => each.mean),
  );
  const trials = cases(1200, 300);
  let told = 0;
  for (let i = 0; i < trials; i++) {
    if (pAgainst(crossedMean(drawTrial(world, 6, i).values, [1, -1]), 0) < 0.05) told++;
  }
  expect(stated).toBeGreaterThan(0.7);
  expect(stated).toBeLessThan(0.93);
  expect(Math.abs(told / trials - stated)).toBeLessThan(0.1);
});
