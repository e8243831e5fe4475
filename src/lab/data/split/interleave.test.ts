import { expect, test } from 'vitest';
import { interleaveClasses } from './interleave';

test('takes one tile of each class in turn, the earlier first', () => {
  expect([...interleaveClasses([0, 0, 0, 1, 1, 2])]).toEqual([0, 3, 5, 1, 4, 2]);
});

test('is a permutation', () => {
  const labels = Array.from({ length: 50 }, (_, i) => (i * i) % 7);
  expect([...interleaveClasses(labels)].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
});
