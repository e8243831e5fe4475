import { expect, test } from 'vitest';
import { trainingRow } from '../testing/runs';
import { comparableRuns, offeredPairs, offeredRuns, ownNetworks, subjectOf, subjectValue } from './subjects';

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
    { kind: 'run', id: 'x', stage: 'prune l2 none 50%', peer: null },
    { kind: 'file', id: 'f00' },
  ] as const) {
    expect(subjectOf(subjectValue(subject))).toEqual(subject);
  }
});

test('my networks are every stage of every run and every file, the newest first, by short names', () => {
  const figures = { accuracy: 0.5, params: 1, macs: 1, bytes: 1, seconds: 1 };
  const record = (name: string, kind: string) => ({ ...figures, name, kind });
  const records = [
    record('train', 'train'),
    record('check val', 'check'),
    record('prune l2 none 50%', 'prune'),
    record('finetune head', 'finetune'),
    record('finetune head of x', 'finetune'),
    record('quantise dense per tile', 'quantise'),
  ];
  const rows = [
    run('new', { created: 3 }),
    run('half', { created: 1, records }),
    run('no epoch', { created: 9, history: [] }),
  ];
  const kept = { id: 'f', name: 'mine', arch: 'tiny', group: 'C4', integers: false, classes: ['a', 'b'] };
  const own = ownNetworks(rows, [{ ...kept, dataset: null, bytes: 1, added: 2 }]);
  expect(own.map(({ name, integers }) => (integers ? `(${name})` : name))).toEqual([
    rows[0].name,
    'mine',
    `(${rows[1].name}, INT8)`,
    `${rows[1].name}, fine-tuned 2`,
    `${rows[1].name}, fine-tuned`,
    `${rows[1].name}, pruned`,
    rows[1].name,
  ]);
  expect(own[4].subject).toEqual({ kind: 'run', id: 'half', stage: 'finetune head', peer: null });
  expect(own.at(-1)!.subject).toEqual({ kind: 'run', id: 'half', peer: null });
});
