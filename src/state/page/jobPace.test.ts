import { expect, test } from 'vitest';
import { paceMeter } from './jobPace';

test('a steady job has its rate and its time left, after a moment', () => {
  const pace = paceMeter();
  expect(pace(0, 0, 1000)).toBeNull();
  expect(pace(100, 10, 1000)).toBeNull();
  expect(pace(1000, 100, 1000)).toEqual({ rate: 100, secondsLeft: 9 });
});

test('only the last ten seconds count, and standing still is no rate', () => {
  const pace = paceMeter();
  for (let s = 0; s <= 10; s++) pace(1000 * s, 10 * s, 1000);
  for (let s = 11; s <= 20; s++) pace(1000 * s, 100 + 20 * (s - 10), 1000);
  expect(pace(21_000, 320, 1000)?.rate).toBeCloseTo(20);
  for (let s = 22; s <= 32; s++) pace(1000 * s, 320, 1000);
  expect(pace(33_000, 320, 1000)).toBeNull();
});
