/** The browser's `RunStore`: neither a reload nor a killed worker loses a network or an epoch. */
import { keyOf, memoryStore, type RunStore } from '../lab/stage/store';
import { type Library, openLibrary } from './db';
import type { RunRow } from './rows';

const inMemory = new Map<string, RunStore>();

/**
 * The store of a run. Where the browser keeps nothing (some private windows), it lasts as long as the worker. formerKeys:
 * what stages were kept under before they had identities.
 */
export async function openRunStore(
  run: string,
  formerKeys: ReadonlyMap<string, string> = new Map(),
): Promise<{ store: RunStore; lasting: boolean }> {
  const db = await openLibrary();
  if (db) return { store: storeIn(db, run, formerKeys), lasting: true };
  const store = inMemory.get(run) ?? memoryStore();
  inMemory.set(run, store);
  return { store, lasting: false };
}

function storeIn(db: Library, run: string, formerKeys: ReadonlyMap<string, string>): RunStore {
  const former = (key: string): [string, string] => [run, formerKeys.get(key) ?? key];
  return {
    loadStage: async (key) => (await db.get('stages', [run, key])) ?? db.get('stages', former(key)),
    async saveStage(record, model) {
      const change = db.transaction(['stages', 'checkpoints'], 'readwrite');
      const key: [string, string] = [run, keyOf(record)];
      await Promise.all([
        change.objectStore('stages').put({ record, model }, key),
        change.objectStore('checkpoints').delete(key),
        change.done,
      ]);
    },
    loadCheckpoint: async (key) =>
      (await db.get('checkpoints', [run, key])) ?? db.get('checkpoints', former(key)),
    async saveCheckpoint(stage, checkpoint) {
      await db.put('checkpoints', checkpoint, [run, stage]);
    },
    async forget(stage) {
      const change = db.transaction(['stages', 'checkpoints'], 'readwrite');
      const key: [string, string] = [run, stage];
      await Promise.all([
        change.objectStore('stages').delete(key),
        change.objectStore('checkpoints').delete(key),
        change.done,
      ]);
    },
  };
}

/** What the stages of a run begun in version 1 of the recipe are kept under, by their identities. */
export function formerKeys(
  { formerNames = {} }: RunRow,
  ids: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map(
    Object.entries(formerNames).flatMap(([name, former]) =>
      ids.has(name) ? [[ids.get(name)!, former]] : [],
    ),
  );
}
