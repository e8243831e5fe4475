/** Against SciPy 1.17.1 (`scipy.stats`: t, nct, beta, binom, norm; `math.lgamma`), and by what must hold. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  betaBelow,
  logGamma,
  noncentralAbove,
  normalBelow,
  studentPoint,
  studentTails,
} from './distributions';
import { midP, shareAtMost } from './exact';
import { holm } from './holm';

const nearly = (found: readonly number[], wanted: readonly number[], digits = 10) => {
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of found.entries()) {
    expect(Math.abs(value - wanted[i]) / Math.max(1, Math.abs(wanted[i])), String(i)).toBeLessThan(
      10 ** -digits,
    );
  }
};

describe('SciPy’s values', () => {
  test('ln Γ, Φ and the incomplete beta function', () => {
    nearly(
      [0.5, 1, 3.7, 50.5, 10000.5].map(logGamma),
      [0.5723649429247004, 0, 1.4280723266653883, 146.5192554907206, 82104.32265412835],
    );
    nearly(
      [-3, -0.5, 1.96].map(normalBelow),
      [0.0013498980316300933, 0.3085375387259869, 0.9750021048517795],
    );
    nearly(
      [betaBelow(0.2, 0.5, 0.5), betaBelow(0.9, 10, 3.5), betaBelow(0.01, 1, 200), betaBelow(0.5, 60, 55)],
      [0.2951672353008665, 0.9373013375000763, 0.8660203251420381, 0.319884684321475],
    );
  });

  test('tails and points of Student’s t, fractional degrees of freedom too', () => {
    nearly(
      [
        studentTails(2, 1),
        studentTails(2.5, 3.7),
        studentTails(1, 30),
        studentTails(-4.3, 2),
        studentTails(0.3, 250.5),
      ],
      [0.2951672353008665, 0.07182202291182678, 0.3253086154260302, 0.05005715411709159, 0.7644259516929994],
    );
    nearly(
      [1, 1.5, 2, 7.3, 100, 1e5].map((freedom) => studentPoint(0.05, freedom)),
      [
        12.706204736174694, 6.016663104427929, 4.302652729749462, 2.345066736547703, 1.9839715185235518,
        1.9599877075346095,
      ],
      8,
    );
  });

  test('the power of a t-test: the noncentral t', () => {
    const power = (freedom: number, shift: number) =>
      noncentralAbove(studentPoint(0.05, freedom), freedom, shift);
    nearly(
      [power(1, 5), power(2, 4), power(3.5, 3), power(10, 2.8), power(200, 2.8), power(1, 40)],
      [
        0.3051600993786993, 0.5645141245575342, 0.5815970741570669, 0.7138910788643384, 0.7957586877145584,
        0.9983010614669934,
      ],
      5,
    );
  });

  test('McNemar’s mid-p, and Clopper and Pearson’s upper end', () => {
    nearly(
      [midP(2, 8), midP(6, 0), midP(1950, 2076), midP(25, 12), midP(1, 0)],
      [0.0654296875, 0.015625, 0.047070432420128476, 0.03355243967962451, 0.5],
      9,
    );
    nearly(
      [
        shareAtMost(0, 213),
        shareAtMost(0, 59),
        shareAtMost(3, 1000),
        shareAtMost(10, 50),
        shareAtMost(0, 10000),
      ],
      [
        0.01396602815369743, 0.04950760988822693, 0.007735244718479458, 0.31559606142001384,
        0.00029952835977661195,
      ],
      9,
    );
  });
});

test('the t that is exceeded with a probability is exceeded with that probability', () => {
  const tails = fc.double({ min: 1e-4, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(tails, fc.double({ min: 1, max: 1e5, noNaN: true }), (p, freedom) => {
      expect(studentTails(studentPoint(p, freedom), freedom)).toBeCloseTo(p, 8);
    }),
  );
});

test('no shift: a test exceeds its point in half of its 5 %', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e4, noNaN: true }), (freedom) => {
      expect(noncentralAbove(studentPoint(0.05, freedom), freedom, 0)).toBeCloseTo(0.025, 4);
    }),
  );
});

test('mid-p: the same for both sides, 1 where they are even, and on average even where nobody is better', () => {
  const count = fc.integer({ min: 0, max: 300 });
  fc.assert(
    fc.property(count, count, (gained, lost) => {
      expect(midP(gained, lost)).toBe(midP(lost, gained));
      expect(midP(gained, gained)).toBe(1);
      expect(midP(gained + lost + 1, lost)).toBeLessThan(1);
    }),
  );
  // Of 40 tiles that differ, by all ways in which they may: 5 % at most but for mid-p's own excess.
  let wrong = 0;
  let ways = 1;
  for (let k = 0; k <= 40; k++) {
    if (midP(k, 40 - k) < 0.05) wrong += ways / 2 ** 40;
    ways = (ways * (40 - k)) / (k + 1);
  }
  expect(wrong).toBeGreaterThan(0.03);
  expect(wrong).toBeLessThan(0.055);
});

test('none seen of n: the rule of three', () => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 60000 }), (n) => {
      expect(shareAtMost(0, n)).toBeCloseTo(1 - 0.05 ** (1 / n), 9);
      expect(shareAtMost(0, n)).toBeLessThan(3 / n);
    }),
  );
  expect(shareAtMost(0, 0)).toBe(1);
});

test('Holm: worked by hand, never below what went in, in its order, and of one the same', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(p, { minLength: 1, maxLength: 12 }), (ps) => {
      const adjusted = holm(ps);
      for (const [i, value] of adjusted.entries()) {
        expect(value).toBeGreaterThanOrEqual(ps[i]);
        for (const [j, other] of adjusted.entries())
          if (ps[i] < ps[j]) expect(value).toBeLessThanOrEqual(other);
      }
      expect(Math.min(...adjusted)).toBeCloseTo(Math.min(1, ps.length * Math.min(...ps)), 12);
    }),
  );
  expect(holm([0.03])).toEqual([0.03]);
});
