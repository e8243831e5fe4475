/** The driver of runs on a real database in memory: the row follows the store through cuts in every stage. */
import 'fake-indexeddb/auto';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { plannedRecords } from '../../lab/recipe/plan';
import { parseRecipe, type Recipe } from '../../lab/recipe/schema';
import { epochsOf } from '../../lab/stage/store';
import { testPlatform } from '../../lab/testing/platform';
import { tinyDataset } from '../../lab/testing/tiny';
import type { RunRow } from '../../storage/rows';
import { deleteRun, listRuns, loadRun, putRun, stagesOf } from '../../storage/runs';
import { openRunStore } from '../../storage/stages';
import { keepDataset } from '../../storage/tiles';
import type { JobEvent } from '../protocol/protocol';
import { runAndKeep } from './running';

const settings = { epochs: 3, batch: 16, learningRate: 0.02 };
const recipe: Recipe = parseRecipe({
  version: 1,
  name: 'whole',
  arch: { id: 'tiny', size: 8 },
  stages: [
    { kind: 'train', settings },
    { kind: 'rotate', split: 'val' },
    { kind: 'distil', student: { hidden: 5 }, settings },
    { kind: 'rotate', split: 'val' },
    {
      kind: 'prune',
      ratios: [0.9],
      methods: ['l2'],
      compensations: ['none'],
      // So eager that it runs whatever is lost.
      finetune: { scope: 'network', epochs: 3, batch: 16, tolerance: 0, excellent: 0 },
    },
    { kind: 'quantise', from: 'finetune l2 none 90% of distil' },
    { kind: 'rotate', split: 'test' },
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
  expect(names(row)).toEqual(plannedRecords(recipe).map(({ name }) => name));
  expect(row.history).toHaveLength(3);
  expect(epochsOf(row.records[5])).toHaveLength(3);
  expect(epochsOf(row.records[2])).toHaveLength(3);
  const news = events.flatMap((event) => (event.type === 'kept' ? [event.records.length] : []));
  // What it goes on from, then one after the other.
  expect(news).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(events.some(({ type }) => (type as string) === 'checkpoint')).toBe(false);
  const { store } = await openRunStore(stagesOf('whole'));
  for (const name of ['train', 'distil', 'finetune l2 none 90% of distil'])
    expect((await store.loadStage(name))?.model, name).toBeDefined();
});

describe('cut off anywhere, it goes on to the same figures', () => {
  const inStage = (name: string, type: JobEvent['type']) => {
    let current = '';
    return (event: JobEvent) => {
      if (event.type === 'kept') current = plannedRecords(recipe)[event.records.length]?.name ?? '';
      return current === name && event.type === type && (event.type !== 'epoch' || event.epoch === 2);
    };
  };

  test.each([
    ['train', 'epoch', 'history'],
    ['distil', 'epoch', 'later'],
    ['finetune l2 none 90% of distil', 'epoch', 'later'],
    ['rotate val', 'progress', null],
    ['quantise dense per tile of finetune l2 none 90% of distil', 'progress', null],
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
  expect(await store.loadStage('train')).toBeUndefined();
});

test('a row from before there were pipelines is read as a training', async () => {
  const { row } = await finished('old');
  const { kind: _, records: __, later: ___, ...old } = row;
  await putRun(old as RunRow);
  expect(await loadRun('old')).toMatchObject({ kind: 'training', records: [], later: null });
  expect((await listRuns())[0]).toMatchObject({ id: 'old', kind: 'training' });
});
