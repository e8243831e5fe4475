import { expect, test } from 'vitest';
import { parseRecipe } from '../lab/recipe/schema';
import type { RunRow } from '../library/runs';
import { comparableRuns, offeredPairs, offeredRuns, subjectOf, subjectValue } from './subjects';

const epoch = { epoch: 1, loss: 1, accuracy: 0.5, validationLoss: 1, learningRate: 0.01, seconds: 1 };

function run(id: string, changes: Partial<RunRow> = {}, splitSeed = 1): RunRow {
  const recipe = parseRecipe({
    version: 1,
    name: id,
    arch: { id: 'tiny' },
    seed: 1,
    split: { seed: splitSeed, train: 0.6, val: 0.2, test: 0.2 },
    stages: [{ kind: 'train', settings: {} }],
  });
  const data = {
    ref: 'synthetic',
    title: 'Synthetic',
    synthetic: true,
    classes: ['a', 'b'],
    count: 10,
    hash: 'same',
  };
  return {
    id,
    name: id,
    recipe,
    data,
    created: 0,
    status: 'stopped',
    engine: '',
    history: [epoch],
    tiles: { train: 6, val: 2, test: 2 },
    params: 1,
    stop: null,
    check: null,
    message: null,
    ...changes,
  };
}

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
    run('done', { history: [], status: 'done' }),
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
