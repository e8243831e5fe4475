import { expect, test } from 'vitest';
import { recordsOf } from '../../state/testing/tables';
import { splitTable } from './tables';

test('tiles of each class and part; a class too small to be split has none', () => {
  const facts = {
    id: 'mine',
    title: 'Mine',
    synthetic: false,
    classes: ['a', 'b'],
    counts: [5, 2],
    official: null,
    size: 8,
    count: 7,
  };
  const table = splitTable(facts, [Uint8Array.from([0, 0, 0, 1, 2]), null], 4);
  expect(recordsOf(table)).toEqual([
    { class: 'a', 'train (tiles)': 3, 'validation (tiles)': 1, 'test (tiles)': 1, 'all (tiles)': 5 },
    { class: 'b', 'train (tiles)': null, 'validation (tiles)': null, 'test (tiles)': null, 'all (tiles)': 2 },
  ]);
  expect(table).toMatchObject({
    name: 'split mine',
    source: { 'split seed': 4, n: 7, split: '0.6 / 0.2 / 0.2' },
  });
});
