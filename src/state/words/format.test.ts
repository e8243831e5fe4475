import { expect, test } from 'vitest';
import { gain, less, small } from './format';

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
  expect([0.013, -0.01, 0].map((change) => plain(gain(change)))).toEqual(['+1.3 pt', '−1.0 pt', '–']);
  expect([less(100, 59), less(100, 100)].map(plain)).toEqual(['−41 %', '–']);
});
