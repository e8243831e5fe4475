import { expect, test } from 'vitest';
import { wilsonInterval } from './interval';

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
