import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinPoints, timeLeft } from './pace';

const seconds = fc.double({ min: 0.01, max: 1000, noNaN: true });

test('nothing is said before the first batch', () => {
  expect(timeLeft({ finished: [], epochs: 5, done: 0, share: 0, seconds: 0 })).toBeNull();
  expect(timeLeft({ finished: [], epochs: 5, done: 0, share: 0.5, seconds: 2 })).toBeCloseTo(18, 9);
});

test('at a steady pace it is exact, at any moment, and reaches zero', () => {
  fc.assert(
    fc.property(
      seconds,
      fc.integer({ min: 1, max: 50 }),
      fc.nat(49),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      (each, epochs, d, share) => {
        const done = Math.min(d, epochs - 1);
        const left = timeLeft({
          finished: Array(done).fill(each),
          epochs,
          done,
          share,
          seconds: share * each,
        })!;
        expect(left).toBeCloseTo((epochs - done - share) * each, 6);
      },
    ),
  );
  expect(timeLeft({ finished: [3], epochs: 4, done: 4, share: 0, seconds: 0 })).toBe(0);
});

test('a slower epoch raises the estimate at once', () => {
  const at = (now: number) => timeLeft({ finished: [2, 2], epochs: 9, done: 2, share: 0.5, seconds: now })!;
  expect(at(4)).toBeGreaterThan(at(1));
});

const line = fc
  .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 2000 })
  .map((ys) => ys.map((y, x) => ({ x, y, weight: 1 })));

test('a thinned line is short, in order, and keeps every measurement in its means', () => {
  fc.assert(
    fc.property(line, fc.integer({ min: 1, max: 300 }), (points, most) => {
      const short = thinPoints(points, most);
      expect(short.length).toBeLessThanOrEqual(most);
      for (let i = 1; i < short.length; i++) expect(short[i].x).toBeGreaterThan(short[i - 1].x);
      const total = (list: typeof points) => list.reduce((sum, { y, weight }) => sum + y * weight, 0);
      expect(total([...short])).toBeCloseTo(total(points), 6);
      expect(short.reduce((sum, { weight }) => sum + weight, 0)).toBe(points.length);
      if (points.length <= most) expect(short).toBe(points);
    }),
  );
});
