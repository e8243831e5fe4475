import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gain, less, percent, pointsBetween, shownChange, small } from './format';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('figures of any size keep two digits', () => {
  expect([0, 0.312, 1.25, 12.6, 1234, 0.00999, 2.1e-7, 1e-12, -3e-5].map(small)).toEqual([
    '0',
    '0.31',
    '1.3',
    '13',
    '1,234',
    '1.0·10⁻²',
    '2.1·10⁻⁷',
    '1.0·10⁻¹²',
    '−3.0·10⁻⁵',
  ]);
});

test('differences carry their sign, and none is a dash', () => {
  expect([0.513, 0.49, 0.5].map((is) => plain(gain(0.5, is)))).toEqual(['+1.3 pt', '−1.0 pt', '–']);
  expect([less(100, 59), less(100, 100)].map(plain)).toEqual(['−41 %', '–']);
});

test('a difference is that of the figures beside it: 90.8 % and 56.3 % are 34.5 points apart', () => {
  // 218 and 135 of 240 tiles, which are 34.6 points apart.
  expect([percent(218 / 240), percent(135 / 240), pointsBetween(218 / 240, 135 / 240)].map(plain)).toEqual([
    '90.8 %',
    '56.3 %',
    '34.5 points',
  ]);
  expect(shownChange(213 / 240, 218 / 240)).toBe(0.02);
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, (was, is) => {
      const [first, second] = [was, is].map((each) => Number.parseFloat(percent(each)));
      const shown = Math.abs(second - first).toFixed(1);
      expect(Number.parseFloat(pointsBetween(was, is)).toFixed(1)).toBe(shown);
      if (Math.abs(is - was) >= 1e-9) expect(gain(was, is).slice(1, -3)).toBe(shown);
    }),
  );
});
