/**
 * What this browser keeps: one IndexedDB for finished stages, checkpoints, training runs and data sets. Page and
 * workers open it alike; the page reads lists and changes names, the workers write what they compute.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { BadInput } from '../lab/errors';
import type { AnyModel } from '../lab/nn/model';
import type { FitCheckpoint } from '../lab/stage/checkpoint';
import type { StageRecord } from '../lab/stage/store';
import type { DatasetRow, StoredRun, TrunkPoint } from './rows';

export interface Schema extends DBSchema {
  /** Keys: [run, stage]. */
  stages: { key: [string, string]; value: { record: StageRecord; model?: AnyModel } };
  checkpoints: { key: [string, string]; value: FitCheckpoint };
  runs: { key: string; value: StoredRun };
  datasets: { key: string; value: DatasetRow };
  points: { key: string; value: TrunkPoint };
  /** A packed data set each, under the key of its row. */
  tiles: { key: string; value: Blob };
}

export type Library = IDBPDatabase<Schema>;

const STORES = ['stages', 'checkpoints', 'runs', 'datasets', 'tiles', 'points'] as const;

let opening: Promise<Library | null> | undefined;

/** The library, or null where the browser keeps nothing (some private windows). */
export function openLibrary(): Promise<Library | null> {
  opening ??= openDB<Schema>('orbit-lab', 3, {
    upgrade(db) {
      for (const name of STORES) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
    },
    // Another tab wants to upgrade the database: let go of it, and open it again when it is next needed.
    blocking(_, __, event) {
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
    terminated() {
      opening = undefined;
    },
  }).catch(() => null);
  return opening;
}

/** The library; throws `BadInput` where the browser keeps nothing. */
export async function requireLibrary(): Promise<Library> {
  const db = await openLibrary();
  if (db) return db;
  throw new BadInput(
    'This browser keeps nothing on disk (a private window, or storage is blocked), so this cannot be kept. Open the page in an ordinary window.',
  );
}

/**
 * Whether an error, or what caused it, is a full disk. Browsers disagree on the type (a DOMException, or since 2025 a
 * QuotaExceededError of its own, which is one too) and old Firefox on the name.
 */
export function isDiskFull(error: unknown): boolean {
  for (let at = error; at instanceof Error || at instanceof DOMException; at = at.cause) {
    if (FULL.has(at.name)) return true;
  }
  return false;
}

const FULL = new Set(['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED', 'NS_ERROR_FILE_NO_DEVICE_SPACE']);
