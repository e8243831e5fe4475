import { expect, test } from 'vitest';
import { trainingRow } from '../testing/runs';
import { comparableRuns, offeredPairs, offeredRuns, subjectOf, subjectValue } from './subjects';

const run = trainingRow;

test('offers the pair for tests only while it is open', () => {
  const pairs = [
    { id: 'a', title: 'Tiles' },
    { id: 'tiny', title: 'Synthetic tiles, 8×8 (for tests)' },
  ];
  expect(offeredPairs(pairs, { kind: 'pair', id: 'a' }).map(({ id }) => id)).toEqual(['a']);
  expect(offeredPairs(pairs, { kind: 'pair', id: 'tiny' }).map(({ id }) => id)).toEqual(['a', 'tiny']);
});

test('offers runs with a network, and holds them against those on the same tiles and split only', () => {
  const rows = [
    run('a'),
    run('b'),
    run('no epoch', { history: [] }),
    run('done', { status: 'done' }),
    run('a pipeline without a training', { kind: 'pipeline', history: [], status: 'done' }),
    run('other split', {}, 2),
    run('other data', { data: { ...run('x').data, hash: 'other' } }),
  ];
  expect(offeredRuns(rows).map(({ id }) => id)).toEqual(['a', 'b', 'done', 'other split', 'other data']);
  expect(comparableRuns(rows, 'a').map(({ id }) => id)).toEqual(['b', 'done']);
  expect(comparableRuns(rows, 'gone')).toEqual([]);
});

test('a subject survives the way through a form', () => {
  for (const subject of [
    { kind: 'pair', id: 'synthetic-32' },
    { kind: 'run', id: 'run of 3 words', peer: null },
  ] as const) {
    expect(subjectOf(subjectValue(subject))).toEqual(subject);
  }
});
