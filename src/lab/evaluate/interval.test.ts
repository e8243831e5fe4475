import { expect, test } from 'vitest';
import { isAbove, wilsonInterval, zForLooks } from './interval';

test('agrees with published values of the Wilson score interval', () => {
  // 81 of 263 (Newcombe 1998, table I): 0.2553 to 0.3662.
  const [low, high] = wilsonInterval(81 / 263, 263);
  expect(low).toBeCloseTo(0.2553, 4);
  expect(high).toBeCloseTo(0.3662, 4);
});

test('stays within 0 and 1, and says nothing about no tile', () => {
  expect(wilsonInterval(0, 29)[0]).toBe(0);
  expect(wilsonInterval(1, 29)[1]).toBeCloseTo(1, 12);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test('for more looks the intervals are wider, by the points of the normal distribution', () => {
  // Two-sided 5 %, 0.5 % and 0.05 %.
  expect(zForLooks(1)).toBeCloseTo(1.95996, 3);
  expect(zForLooks(10)).toBeCloseTo(2.80703, 3);
  expect(zForLooks(100)).toBeCloseTo(3.48076, 2);
  const [low, high] = wilsonInterval(0.8, 240, zForLooks(100));
  expect(low).toBeLessThan(wilsonInterval(0.8, 240)[0]);
  expect(high).toBeGreaterThan(wilsonInterval(0.8, 240)[1]);
  // Apart for one look, and not for a hundred.
  expect([isAbove(0.8, 0.68, 240), isAbove(0.8, 0.68, 240, zForLooks(100))]).toEqual([true, false]);
  expect(isAbove(0.68, 0.8, 240)).toBe(false);
});
