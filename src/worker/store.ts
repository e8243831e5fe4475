/** The browser's `RunStore`: IndexedDB, so that neither a reload nor a killed worker loses a network or an epoch. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Model } from '../lab/nn/model';
import { memoryStore, type RunStore, type StageRecord } from '../lab/recipe/store';
import type { FitCheckpoint } from '../lab/train/fit';

interface Schema extends DBSchema {
  /** Keys: [run, stage]. */
  stages: { key: [string, string]; value: { record: StageRecord; model?: Model } };
  checkpoints: { key: [string, string]; value: FitCheckpoint };
}

let opening: Promise<IDBPDatabase<Schema> | null> | undefined;
const inMemory = new Map<string, RunStore>();

/** The store of a run. Where the browser keeps nothing (some private windows), it lasts as long as the worker. */
export async function openRunStore(run: string): Promise<{ store: RunStore; lasting: boolean }> {
  opening ??= open();
  const db = await opening;
  if (db) return { store: storeIn(db, run), lasting: true };
  const store = inMemory.get(run) ?? memoryStore();
  inMemory.set(run, store);
  return { store, lasting: false };
}

function open(): Promise<IDBPDatabase<Schema> | null> {
  return openDB<Schema>('orbit-lab', 1, {
    upgrade(db) {
      db.createObjectStore('stages');
      db.createObjectStore('checkpoints');
    },
  }).catch(() => null);
}

function storeIn(db: IDBPDatabase<Schema>, run: string): RunStore {
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
  };
}
