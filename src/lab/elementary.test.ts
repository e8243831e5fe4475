import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cos, exp, log, power, sin } from './elementary';

const numbers = new Float64Array(2);
const order = new BigInt64Array(numbers.buffer);

/** How many numbers lie between two of the same sign, one of them counted. */
function unitsApart(a: number, b: number): number {
  if (a === b) return 0; // −0 is 0
  numbers.set([a, b]);
  return Math.abs(Number(order[0] - order[1]));
}

const holds = (
  range: { readonly min: number; readonly max: number },
  isRight: (x: number) => boolean,
): void => fc.assert(fc.property(fc.double({ ...range, noNaN: true }), isRight), { numRuns: 2000 });

test('exp is Math.exp to a unit of the last place, in the smallest and the largest too', () => {
  for (const most of [1, 30, 745])
    holds({ min: -most, max: Math.min(most, 709.7) }, (x) => unitsApart(exp(x), Math.exp(x)) <= 1);
  expect([0, -1000, 1000, Number.NEGATIVE_INFINITY].map(exp)).toEqual([1, 0, Number.POSITIVE_INFINITY, 0]);
  expect(exp(Number.NaN)).toBeNaN();
});

test('log is Math.log to a unit of the last place, near 1 and in the smallest too', () => {
  for (const [min, max] of [
    [0.5, 2],
    [0.999, 1.001],
    [1e-320, 1e300],
  ])
    holds({ min, max }, (x) => unitsApart(log(x), Math.log(x)) <= 1);
  expect([1, 0, Number.POSITIVE_INFINITY].map(log)).toEqual([
    0,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  expect([-1, Number.NaN].map(log)).toEqual([Number.NaN, Number.NaN]);
});

test('cos and sin are Math.cos and Math.sin to a unit of the last place, beside quarter turns too', () => {
  for (const most of [1, 7, 1e6]) {
    holds({ min: -most, max: most }, (x) => unitsApart(cos(x), Math.cos(x)) <= 1);
    holds({ min: -most, max: most }, (x) => unitsApart(sin(x), Math.sin(x)) <= 1);
  }
  for (let quarters = -9; quarters <= 9; quarters++) {
    const angle = (quarters * Math.PI) / 2;
    expect(unitsApart(cos(angle), Math.cos(angle))).toBeLessThanOrEqual(1);
    expect(unitsApart(sin(angle), Math.sin(angle))).toBeLessThanOrEqual(1);
  }
  for (const angle of [Number.NaN, Number.POSITIVE_INFINITY, 1e7])
    expect(() => cos(angle)).toThrow(RangeError);
});

test('powers of shares are right to a few units, and exact where they can be', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-3, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (share, exponent) => unitsApart(power(share, exponent), share ** exponent) <= 6,
    ),
    { numRuns: 2000 },
  );
  expect([power(0.3, 1), power(0.3, 0), power(1, 0.7), power(0, 0.5)]).toEqual([0.3, 1, 1, 0]);
});
