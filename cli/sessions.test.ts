import { expect, test } from 'vitest';
import { wallSeconds } from './sessions';

test('time side by side counts once, time between not at all', () => {
  const session = (began: number, ended: number) => ({ began: 1000 * began, ended: 1000 * ended });
  expect(wallSeconds([])).toBe(0);
  expect(wallSeconds([session(0, 10), session(0, 8)])).toBe(10);
  expect(wallSeconds([session(100, 130), session(0, 10), session(5, 20), session(110, 120)])).toBe(50);
});
