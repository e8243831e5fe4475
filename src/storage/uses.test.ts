import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import type { FitCheckpoint } from '../lab/stage/checkpoint';
import { openLibrary } from './db';
import { unfinishedKey } from './points';
import { holdRun } from './runLock';
import { openRunStore } from './stages';
import { fakeLocks } from './testing/locks';
import { noteUse } from './uses';

const own = { accuracy: 1, params: 1, macs: 1, bytes: 1, seconds: 1 };
const checkpoint = { history: [] } as unknown as FitCheckpoint;

beforeEach(async () => {
  vi.stubGlobal('navigator', { locks: fakeLocks() });
  const db = (await openLibrary())!;
  for (const name of db.objectStoreNames) await db.clear(name);
});

async function finish(key: string, run = 'page') {
  const { store } = await openRunStore(run);
  await store.saveStage({ name: key, ...own });
}
async function begin(key: string) {
  const { store } = await openRunStore('page');
  await store.saveCheckpoint(key, checkpoint);
}
async function left(run = 'page'): Promise<string[]> {
  const db = (await openLibrary())!;
  const keys = [...(await db.getAllKeys('stages')), ...(await db.getAllKeys('checkpoints'))];
  return keys.flatMap(([of, key]) => (of === run ? [key] : [])).sort();
}
let now = 1;
async function use(key: string, most: number) {
  vi.spyOn(Date, 'now').mockReturnValue(now++);
  await noteUse('page', key, most);
}

test('however many settings are tried, only the newest stay, finished or not', async () => {
  for (let i = 0; i < 50; i++) {
    await use(`k${i}`, 5);
    await (i % 2 ? finish : begin)(`k${i}`);
  }
  // The one that is wanted now is none of the five.
  expect(await left()).toEqual(['k44', 'k45', 'k46', 'k47', 'k48', 'k49']);
  const db = (await openLibrary())!;
  expect(await db.count('uses')).toBe(6);
});

test('what is wanted again stays, and what was kept before uses were noted goes first', async () => {
  await finish('from long ago');
  for (const key of ['a', 'b', 'c']) {
    await use(key, 9);
    await finish(key);
  }
  await use('a', 9);
  await use('d', 2);
  expect(await left()).toEqual(['a', 'c']);
});

test('a running one, a point and its leftovers, and the runs of other views never go', async () => {
  const release = await holdRun('running');
  await begin('running');
  await finish('a point');
  await begin(unfinishedKey('a point'));
  await finish('train', 'run 1');
  const db = (await openLibrary())!;
  await db.put('points', { id: 'p', key: 'a point' } as never, 'p');
  // A fine-tuning of the Fields view that has not ended goes as a whole.
  await finish(unfinishedKey('cut off'));
  await begin(`${unfinishedKey('cut off')} step 2`);
  await use('new', 1);
  expect(await left()).toHaveLength(5);
  await use('new', 0);
  expect(await left()).toEqual(['a point', 'a point unfinished', 'running']);
  expect(await left('run 1')).toEqual(['train']);
  release?.();
  await new Promise((resolve) => setTimeout(resolve));
  await use('new', 0);
  expect(await left()).not.toContain('running');
});
