/** The driver of runs on a real database in memory: the row follows the store through cuts in every stage. */
import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { datasetHash } from '../../lab/data/tiles';
import { PLANAR_NORM } from '../../lab/nn/maps/names';
import { FILTER_GRADIENT } from '../../lab/nn/ops/groupConvolution/names';
import { planRecipe } from '../../lab/recipe/plan';
import { prepare } from '../../lab/recipe/prepare';
import { idsOf } from '../../lab/recipe/run';
import { checkRecipe, type Recipe } from '../../lab/recipe/schema';
import { epochsOf, keyOf, type StageRecord } from '../../lab/stage/store';
import { watchKernels } from '../../lab/testing/planting';
import { testPlatform } from '../../lab/testing/platform';
import { tinyDataset } from '../../lab/testing/tiny';
import type { RunRow } from '../../storage/rows';
import { deleteRun, listRuns, loadRun, putRun, stagesOf } from '../../storage/runs';
import { openRunStore } from '../../storage/stages';
import { keepDataset } from '../../storage/tiles';
import type { JobEvent } from '../protocol/results';
import { runAndKeep } from './running';

const settings = { epochs: 3, batch: 16, learningRate: 0.02 };
const recipe: Recipe = checkRecipe({
  version: 2,
  name: 'whole',
  arch: { id: 'tiny', size: 8 },
  stages: [
    { kind: 'train', settings },
    { kind: 'check', part: 'val' },
    { kind: 'distil', student: { hidden: 5 }, settings },
    { kind: 'check', part: 'val' },
    { kind: 'prune', ratio: 0.9 },
    // So eager that it runs whatever is lost.
    {
      kind: 'finetune',
      settings: { scope: 'network', epochs: 3, batch: 16, tolerance: 0, excellent: 0 },
    },
    { kind: 'quantise' },
    { kind: 'check' },
  ],
});

beforeAll(async () => {
  // Node 20 has none; where a page has no locks, nobody else is known of.
  vi.stubGlobal('navigator', {});
  await testPlatform().start('wasm');
  await keepDataset(tinyDataset(15));
});
beforeEach(async () => {
  for (const { id } of await listRuns()) await deleteRun(id);
});
afterEach(() => vi.restoreAllMocks());

const job = (run: string, stop = new AbortController().signal) =>
  runAndKeep({ type: 'train', id: 1, run, kind: 'pipeline', name: run, recipe, data: 'tiny' }, stop, null);

/** Runs on until an event says to leave, as a killed worker does: without a word. */
async function runUntil(run: string, leave: (event: JobEvent) => boolean): Promise<void> {
  for await (const event of job(run)) if (leave(event)) return;
}

async function finished(run: string): Promise<{ row: RunRow; events: JobEvent[] }> {
  const events: JobEvent[] = [];
  const stage = job(run);
  for (;;) {
    const step = await stage.next();
    if (step.done) return { row: step.value, events };
    events.push(step.value);
  }
}

const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each) => (key === 'seconds' ? 0 : each)));
const names = (row: Pick<RunRow, 'records'>) => row.records.map(({ name }) => name);

test('a pipeline leaves the record of every stage in its row, and its networks beside it', async () => {
  const { row, events } = await finished('whole');
  expect(row).toMatchObject({ status: 'done', kind: 'pipeline', later: null, message: null });
  expect(names(row)).toEqual(planRecipe(recipe).map(({ name }) => name));
  expect(row.history).toHaveLength(3);
  expect(epochsOf(row.records[5])).toHaveLength(3);
  expect(epochsOf(row.records[2])).toHaveLength(3);
  const news = events.flatMap((event) => (event.type === 'kept' ? [event.records.length] : []));
  // What it goes on from, then one after the other.
  expect([...new Set(news)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(events.some(({ type }) => (type as string) === 'checkpoint')).toBe(false);
  const { store } = await openRunStore(stagesOf('whole'));
  for (const record of row.records)
    if (record.kind !== 'check')
      expect((await store.loadStage(keyOf(record)))?.model, record.name).toBeDefined();
});

describe('cut off anywhere, it goes on to the same figures', () => {
  const inStage = (name: string, type: JobEvent['type']) => {
    let current = '';
    return (event: JobEvent) => {
      if (event.type === 'kept') current = planRecipe(recipe)[event.records.length]?.name ?? '';
      return current === name && event.type === type && (event.type !== 'epoch' || event.epoch === 2);
    };
  };

  test.each([
    ['train', 'epoch', 'history'],
    ['distil', 'epoch', 'later'],
    ['finetune network', 'epoch', 'later'],
    ['check val', 'progress', null],
    ['quantise dense per tile', 'progress', null],
  ] as const)('in %s, at its %s', async (name, type, where) => {
    const whole = (await finished('whole')).row;
    await runUntil('cut', inStage(name, type));
    const cut = (await loadRun('cut'))!;
    expect(cut.status).toBe('stopped');
    expect(names(cut)).not.toContain(name);
    // The second epoch was told, so it is kept.
    if (where === 'history') expect(cut.history).toHaveLength(2);
    if (where === 'later')
      expect(cut.later).toMatchObject({ stage: name, history: [{ epoch: 1 }, { epoch: 2 }] });
    const { row, events } = await finished('cut');
    expect(events.find(({ type }) => type === 'kept')).toMatchObject({ records: cut.records });
    for (const figure of ['records', 'history', 'later', 'check', 'stop', 'params'] as const)
      expect(timeless(row[figure]), figure).toEqual(timeless(whole[figure]));
  });
});

test.each([
  { kernel: PLANAR_NORM, value: Number.NaN },
  { kernel: FILTER_GRADIENT, value: Number.POSITIVE_INFINITY },
])(
  'a training that goes astray in $kernel says so, keeps its last good epoch and goes on to the same',
  async (plant) => {
    const whole = (await finished('whole')).row;
    const watched = watchKernels([plant.kernel]);
    try {
      const stage = job('astray');
      await expect(
        (async () => {
          for (;;) {
            const { value, done } = await stage.next();
            if (done) return;
            if (value.type === 'epoch' && value.epoch === 2) watched.plant(plant);
          }
        })(),
      ).rejects.toThrow(/^Training went astray in epoch 3: .* Everything up to epoch 2 is kept/);
    } finally {
      watched.end();
    }
    const row = (await loadRun('astray'))!;
    expect(row).toMatchObject({ status: 'failed', message: expect.stringMatching(/went astray in epoch 3/) });
    expect([row.history.length, row.records]).toEqual([2, []]);
    expect(timeless((await finished('astray')).row.records)).toEqual(timeless(whole.records));
  },
);

test('a channel that never varies is told of, and stays in the record; tiles that are all alike are no training', async () => {
  const source = tinyDataset(15);
  const grey = {
    ...source,
    name: 'grey',
    title: 'no blue',
    pixels: source.pixels.map((v, i) => (i % 3 === 2 ? 0 : v)),
  };
  const alike = { ...source, name: 'alike', title: 'all alike', pixels: source.pixels.map(() => 128) };
  for (const dataset of [grey, alike]) await keepDataset(dataset);
  const train = (run: string) =>
    runAndKeep(
      { type: 'train', id: 1, run, kind: 'training', name: run, recipe, data: run },
      new AbortController().signal,
      null,
    );
  const warnings: string[] = [];
  const stage = train('grey');
  for (;;) {
    const { value, done } = await stage.next();
    if (done) break;
    if (value.type === 'warning') warnings.push(value.message);
  }
  expect(warnings[0]).toMatch(/^The blue channel never varies: it is 0/);
  const row = (await loadRun('grey'))!;
  expect(row.records[0].notes).toEqual([warnings[0]]);
  expect(row.status).toBe('done');
  await expect(
    (async () => {
      for await (const _ of train('alike'));
    })(),
  ).rejects.toThrow(/27 training tiles of "all alike" are the same picture, which never varies/);
  expect(await loadRun('alike')).toBeUndefined();
});

test('the store is the truth: a row that fell behind is set by it', async () => {
  await runUntil('behind', (event) => event.type === 'kept' && event.records.length === 2);
  const row = (await loadRun('behind'))!;
  await putRun({ ...row, records: [], history: [] });
  let first: JobEvent | undefined;
  await runUntil('behind', (event) => {
    if (event.type === 'kept') first ??= event;
    return first !== undefined;
  });
  expect(first).toMatchObject({ records: row.records, history: row.history });
});

test('asked to stop, it stops between two events and says so', async () => {
  const stop = new AbortController();
  let row: RunRow | undefined;
  const stage = job('stopped', stop.signal);
  for (;;) {
    const step = await stage.next();
    if (step.done) {
      row = step.value;
      break;
    }
    if (step.value.type === 'epoch') stop.abort();
  }
  expect(row.status).toBe('stopped');
});

test('a run deleted while it goes on leaves nothing behind', async () => {
  const running = runUntil('gone', (event) => {
    if (event.type === 'epoch' && event.epoch === 1) void deleteRun('gone');
    return false;
  });
  await expect(running).rejects.toThrow('was deleted');
  expect(await loadRun('gone')).toBeUndefined();
  const { store } = await openRunStore(stagesOf('gone'));
  const ids = idsOf(prepare(recipe, tinyDataset(15)), datasetHash(tinyDataset(15)));
  for (const id of ids.values()) {
    expect(await store.loadStage(id)).toBeUndefined();
    expect(await store.loadCheckpoint(id)).toBeUndefined();
  }
});

test('a row from before there were pipelines is read as a training', async () => {
  const { row } = await finished('old');
  const { kind: _, records: __, later: ___, ...old } = row;
  await putRun(old as RunRow);
  expect(await loadRun('old')).toMatchObject({ kind: 'training', records: [], later: null });
  expect((await listRuns())[0]).toMatchObject({ id: 'old', kind: 'training' });
});

test('a run begun with a recipe of version 1 is shown under the names of today, and goes on from what it has', async () => {
  const settings1 = { epochs: 3, batch: 16, learningRate: 0.02 };
  const version1 = {
    version: 1,
    name: 'former',
    arch: { id: 'tiny', size: 8 },
    stages: [{ kind: 'train', settings: settings1 }, { kind: 'rotate', split: 'val' }, { kind: 'rotate' }],
  };
  // As it was kept: under the names of version 1, the last check not done yet.
  const { row: today } = await finished('today');
  const { store: source } = await openRunStore(stagesOf('today'));
  const trained = (await source.loadStage(keyOf(today.records[0])))!;
  const { id: _, kind: __, ...train } = trained.record as StageRecord;
  const { id: ___, kind: ____, ...checked } = today.records[1];
  const check = { ...checked, name: 'rotate val' } as StageRecord;
  const { store } = await openRunStore(stagesOf('former'));
  await store.saveStage({ ...train, name: 'train' }, trained.model);
  await store.saveStage(check);
  const former = { ...today, id: 'former', recipe: version1, records: [train, check], status: 'stopped' };
  await putRun(former as unknown as RunRow);

  const row = (await loadRun('former'))!;
  expect(row.recipe.version).toBe(2);
  expect(names(row)).toEqual(['train', 'check val']);
  const { row: ended, events } = await finished('former');
  expect(ended.status).toBe('done');
  expect(names(ended)).toEqual(['train', 'check val', 'check test']);
  expect(events.some(({ type }) => type === 'epoch')).toBe(false);
  expect(ended.records[0].seconds).toBe(train.seconds);
});
