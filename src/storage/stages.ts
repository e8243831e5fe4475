/** The browser's `RunStore`: neither a reload nor a killed worker loses a network or an epoch. */
import { memoryStore, type RunStore } from '../lab/stage/store';
import { type Library, openLibrary } from './db';

const inMemory = new Map<string, RunStore>();

/** The store of a run. Where the browser keeps nothing (some private windows), it lasts as long as the worker. */
export async function openRunStore(run: string): Promise<{ store: RunStore; lasting: boolean }> {
  const db = await openLibrary();
  if (db) return { store: storeIn(db, run), lasting: true };
  const store = inMemory.get(run) ?? memoryStore();
  inMemory.set(run, store);
  return { store, lasting: false };
}

function storeIn(db: Library, run: string): RunStore {
  return {
    loadStage: (name) => db.get('stages', [run, name]),
    async saveStage(record, model) {
      const change = db.transaction(['stages', 'checkpoints'], 'readwrite');
      const key: [string, string] = [run, record.name];
      await Promise.all([
        change.objectStore('stages').put({ record, model }, key),
        change.objectStore('checkpoints').delete(key),
        change.done,
      ]);
    },
    loadCheckpoint: (stage) => db.get('checkpoints', [run, stage]),
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
