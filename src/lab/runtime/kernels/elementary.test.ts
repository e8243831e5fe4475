import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp, log } from './elementary';

const near = (ours: number, theirs: number) => Math.abs(ours - theirs) <= 4e-16 * Math.abs(theirs) * 4;

test('exp is Math.exp to a few units of the last place', () => {
  fc.assert(fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => near(exp(x), Math.exp(x))));
  expect([exp(0), exp(-1000), exp(1000), exp(Number.NEGATIVE_INFINITY)]).toEqual([
    1,
    0,
    Number.POSITIVE_INFINITY,
    0,
  ]);
  expect(exp(Number.NaN)).toBeNaN();
});

test('log is Math.log, to a few units of the last place', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
      (x) => Math.abs(log(x) - Math.log(x)) <= 1e-15 * Math.max(Math.abs(Math.log(x)), 0.3),
    ),
  );
  expect([log(1), log(0), log(Number.POSITIVE_INFINITY)]).toEqual([
    0,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  expect([log(-1), log(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
});
