import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { Sheet } from '../lab/prune/neurons/sheet';
import { requireLibrary } from './db';
import { beforeFeatures, hasFeatures, keepFeatures, loadFeatures, loadSheet, PATIENCE } from './features';
import type { KeptTrunk } from './rows';

const sheet = (tiles: number) => ({ tiles, ofTiles: tiles }) as unknown as Sheet;
const features = (value: number, length = 100) => ({
  train: new Float32Array(length).fill(value),
  turns: [new Float32Array(2).fill(value)],
  pixels: null,
});
/** Of one entry: 100 and 2 floats, and a sheet of two numbers. */
const EACH = 408 + 8 + 16;

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  const db = await requireLibrary();
  await Promise.all((['features', 'featureUses', 'sheets'] as const).map((store) => db.clear(store)));
});

test('features and curves are found under their key and their seed, and under no other', async () => {
  expect(await hasFeatures()).toBe(false);
  expect(await keepFeatures('a', features(1), 7, sheet(3))).toBe(true);
  expect(await hasFeatures()).toBe(true);
  expect(await loadFeatures('a')).toEqual(features(1));
  expect(await loadSheet('a', 7)).toEqual(sheet(3));
  expect(await loadSheet('a', 8)).toBeUndefined();
  expect(await loadFeatures('b')).toBeUndefined();
});

test('what was wanted longest ago goes, with its curves, and no more than has to', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  for (const [i, key] of ['a', 'b', 'c'].entries()) {
    vi.setSystemTime(i);
    await keepFeatures(key, features(i), 1, sheet(i), 3 * EACH);
  }
  vi.setSystemTime(10);
  await loadFeatures('a');
  vi.setSystemTime(11);
  await keepFeatures('d', features(3), 1, sheet(3), 3 * EACH);
  expect(await loadFeatures('b')).toBeUndefined();
  expect(await loadSheet('b', 1)).toBeUndefined();
  for (const [key, value] of [
    ['a', 0],
    ['c', 2],
    ['d', 3],
  ] as const)
    expect((await loadFeatures<KeptTrunk>(key))?.train[0]).toBe(value);
});

test('keeping a network anew takes no room twice', async () => {
  for (let i = 0; i < 5; i++) await keepFeatures('a', features(i), 1, sheet(i), 2 * EACH);
  await keepFeatures('b', features(9), 1, sheet(9), 2 * EACH);
  expect((await loadFeatures<KeptTrunk>('a'))?.train[0]).toBe(4);
  expect((await loadFeatures<KeptTrunk>('b'))?.train[0]).toBe(9);
});

test('further curves lie beside those that are kept, take their room, and are none without features', async () => {
  expect(await keepFeatures('a', null, 'network 1', sheet(1))).toBe(false);
  expect(await hasFeatures()).toBe(false);
  await keepFeatures('a', features(1), 'network 1', sheet(1));
  expect(await keepFeatures('a', null, 'block 1', sheet(2))).toBe(true);
  for (let i = 3; i < 6; i++) await keepFeatures('a', null, 'network 1', sheet(i));
  expect(await loadSheet('a', 'network 1')).toEqual(sheet(5));
  expect(await loadSheet('a', 'block 1')).toEqual(sheet(2));
  expect((await (await requireLibrary()).get('featureUses', 'a'))?.bytes).toBe(EACH + 16);
  // Where they would be too much, those that were kept stay.
  expect(await keepFeatures('a', null, 'block 2', sheet(2), EACH + 20)).toBe(false);
  expect(await loadFeatures('a')).toEqual(features(1));
  // Features given anew are another network's.
  await keepFeatures('a', features(2), 'network 1', sheet(1));
  expect(await loadSheet('a', 'block 1')).toBeUndefined();
});

test('one that would drive out most others is not kept, and drives out none', async () => {
  await keepFeatures('a', features(1), 1, sheet(1), 4 * EACH);
  expect(await keepFeatures('b', features(2, 1000), 1, sheet(1), 4 * EACH, EACH)).toBe(false);
  expect(await loadFeatures('a')).toBeDefined();
});

test('a full disk is no error, and leaves what was there', async () => {
  await keepFeatures('a', features(1), 1, sheet(1));
  const db = await requireLibrary();
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
    if (this.name === 'features') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  });
  expect(await keepFeatures('b', features(2), 1, sheet(1))).toBe(false);
  vi.restoreAllMocks();
  expect(await db.count('featureUses')).toBe(1);
  expect(await loadFeatures('a')).toEqual(features(1));
});

test('where the disk is full, features give way to what somebody wants kept', async () => {
  const full = new DOMException('full', 'QuotaExceededError');
  await keepFeatures('a', features(1), 1, sheet(1));
  const write = vi.fn(async () => {
    if (await hasFeatures()) throw full;
    return 'kept';
  });
  expect(await beforeFeatures(write)).toBe('kept');
  expect(write).toHaveBeenCalledTimes(2);
  expect(await loadFeatures('a')).toBeUndefined();
  expect(await loadSheet('a', 1)).toBeUndefined();

  // With none left to go, and for any other reason, it is not tried again.
  const never = vi.fn().mockRejectedValue(full);
  await expect(beforeFeatures(never)).rejects.toBe(full);
  expect(never).toHaveBeenCalledTimes(1);
  await keepFeatures('a', features(1), 1, sheet(1));
  await expect(beforeFeatures(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await loadFeatures('a')).toBeDefined();
});

test('where a page that went away still holds a transaction, the next one opens without', async () => {
  await keepFeatures('a', features(1), 1, sheet(1));
  const db = await requireLibrary();
  const held = db.transaction(['features', 'featureUses', 'sheets'], 'readwrite');
  let isOver = false;
  // As long as it asks for something it is active.
  const hold = async () => {
    while (!isOver) await held.objectStore('features').count();
  };
  const holding = hold();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = Promise.all([hasFeatures(), loadSheet('a', 1), loadFeatures('a')]);
  await vi.advanceTimersByTimeAsync(PATIENCE);
  expect(await asked).toEqual([false, undefined, undefined]);
  vi.useRealTimers();
  isOver = true;
  await Promise.all([holding, held.done]);
  expect(await hasFeatures()).toBe(true);
});

test('a browser that keeps nothing has none', async () => {
  vi.resetModules();
  vi.stubGlobal('indexedDB', undefined);
  const without = await import('./features');
  expect(await without.hasFeatures()).toBe(false);
  expect(await without.keepFeatures('a', features(1), 1, sheet(1))).toBe(false);
  expect(await without.loadFeatures('a')).toBeUndefined();
  vi.unstubAllGlobals();
});
