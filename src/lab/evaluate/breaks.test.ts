import { expect, test } from 'vitest';
import { breaksAt, breakWords } from './breaks';

const errors = (...maxima: number[]) => maxima.map((max, i) => ({ layer: `layer ${i + 1}`, max }));

test.each([
  [errors(1e-7, 2e-6), null, 'every layer turns with the picture under C4, but for rounding'],
  [errors(0.4, 0.5), 'layer 1', 'under C4 it breaks at once: the first layer, layer 1, has an error of 0.4'],
  [
    errors(1e-7, 2e-7, 0.03, 1e-7),
    'layer 3',
    'equivariant under C4 up to layer 2; it breaks at layer 3, with an error of 0.03',
  ],
])('%j breaks at %s', (found, layer, words) => {
  expect(breaksAt(found)?.layer ?? null).toBe(layer);
  expect(breakWords(found, 'C4')).toBe(words);
});
