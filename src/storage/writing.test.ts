/** A disk that is full as long as features are on it: whatever people keep makes them give way. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeModel } from '../lab/files/modelFile';
import type { Sheet } from '../lab/prune/neurons/sheet';
import { checkRecipe } from '../lab/recipe/schema';
import { tinyModel } from '../lab/testing/tiny';
import { hasFeatures, keepFeatures } from './features';
import { keepNetwork, listNetworks, renameNetwork } from './networks';
import { listPoints, putPoint } from './points';
import { changeRun, loadRun, orderedRow, putRun } from './runs';
import { point } from './testing/trunkPoints';

const recipe = checkRecipe({ version: 2, name: 'r', arch: { id: 'tiny' }, stages: [{ kind: 'train' }] });
const row = (id: string) =>
  orderedRow({ id, kind: 'training', name: id, recipe, data: 'synthetic', title: 'Synthetic' });
const full = new DOMException('full', 'QuotaExceededError');

let network = '';
let isFull = false;
beforeEach(async () => {
  await putRun(row('before'));
  network = (await keepNetwork(encodeModel(tinyModel()), 'net')).id;
  await keepFeatures('a', { train: new Float32Array(9), turns: [], pixels: null }, 1, { tiles: 1 } as Sheet);
  isFull = true;
  const { put, clear } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
    if (isFull) throw full;
    return put.apply(this, given);
  });
  vi.spyOn(IDBObjectStore.prototype, 'clear').mockImplementation(function (this: IDBObjectStore) {
    isFull = false;
    return clear.apply(this);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ['a new run', () => putRun(row('new')), async () => (await loadRun('new'))?.name, 'new'],
  [
    'what became of a run',
    () => changeRun('before', { status: 'done' }),
    async () => (await loadRun('before'))?.status,
    'done',
  ],
  [
    'a name',
    () => renameNetwork(network, 'mine'),
    async () => (await listNetworks()).map(({ name }) => name),
    ['mine'],
  ],
  [
    'a measured pruning',
    () => putPoint(point({}, { id: 'p', created: 1 })),
    async () => (await listPoints()).map(({ id }) => id),
    ['p'],
  ],
] as const)('%s', async (_, write, read, expected) => {
  expect(await hasFeatures()).toBe(true);
  await write();
  expect(await read()).toEqual(expected);
  expect(await hasFeatures()).toBe(false);
  // With none left to go it is the disk's own trouble.
  isFull = true;
  await expect(write()).rejects.toBe(full);
});
