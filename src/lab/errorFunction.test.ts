import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erf } from './errorFunction';

/** 2/√π · x · Σ (2x²)^n / (1·3·5…(2n+1)) · exp(−x²): all terms positive, so nothing cancels. */
function bySeries(x: number): number {
  let [term, sum] = [1, 1];
  for (let n = 1; n < 400; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * x * sum * Math.exp(-x * x);
}

test('erf is what its series adds up to, odd, and 1 from 6 on', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 7, noNaN: true }), (x) => {
      expect(Math.abs(erf(x) - bySeries(x))).toBeLessThan(4e-15);
      expect(erf(-x)).toBe(-erf(x));
    }),
  );
  expect([erf(0), erf(6), erf(-1e9), erf(Number.POSITIVE_INFINITY)]).toEqual([0, 1, -1, 1]);
  expect(erf(Number.NaN)).toBeNaN();
});

test.each([0.84375, 1.25, 1 / 0.35])(
  'there is no step where one formula ends and the next begins: %d',
  (x) => {
    expect(Math.abs(erf(x + 1e-9) - erf(x - 1e-9))).toBeLessThan(3e-9);
  },
);
