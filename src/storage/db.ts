/**
 * What this browser keeps: one IndexedDB for finished stages, checkpoints, training runs and data sets. Page and
 * workers open it alike; the page reads lists and changes names, the workers write what they compute.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { BadInput, messageOf } from '../lab/errors';
import type { AnyModel } from '../lab/nn/model';
import type { Sheet } from '../lab/prune/neurons/sheet';
import type { FitCheckpoint } from '../lab/stage/checkpoint';
import type { Seal } from '../lab/stage/seal';
import type { StageRecord } from '../lab/stage/store';
import type {
  BatchRow,
  DatasetRow,
  KeptFeatures,
  KeptUse,
  NetworkRow,
  SheetName,
  StoredRun,
  TrunkPoint,
} from './rows';

/** What was kept before there were seals has none. */
interface Sealed {
  readonly seal?: Seal;
}

export interface Schema extends DBSchema {
  /** Keys: [run, stage]. */
  stages: { key: [string, string]; value: { record: StageRecord; model?: AnyModel } & Sealed };
  checkpoints: { key: [string, string]; value: FitCheckpoint & Sealed };
  runs: { key: string; value: StoredRun & Sealed };
  datasets: { key: string; value: DatasetRow & Sealed };
  points: { key: string; value: TrunkPoint & Sealed };
  networks: { key: string; value: NetworkRow & Sealed };
  /** The file of a network each, under the key of its row. */
  networkFiles: { key: string; value: Uint8Array };
  /** A packed data set each, under the key of its row. */
  tiles: { key: string; value: Blob };
  /** When what lies under such a key was last wanted, in milliseconds since 1970; only where it is dropped some day. */
  uses: { key: [string, string]; value: number };
  /** What networks answered to their tiles, for the next visit, under all that decides it; each of one key with its curves. */
  features: { key: string; value: KeptFeatures & Sealed };
  featureUses: { key: string; value: KeptUse };
  /** Keys: [key of the features, what else their curves depend on]. */
  sheets: { key: [string, SheetName]; value: Sheet & Sealed };
  /** The pictures classified last, under `BATCH`; and their lines of a CSV file, by the number of the portion. */
  batches: { key: string; value: BatchRow & Sealed };
  batchLines: { key: number; value: { readonly text: string } & Sealed };
}

export type Library = IDBPDatabase<Schema>;

const STORES = [
  ...(['stages', 'checkpoints', 'runs', 'datasets', 'tiles'] as const),
  ...(['points', 'uses', 'networks', 'networkFiles'] as const),
  ...(['features', 'featureUses', 'sheets', 'batches', 'batchLines'] as const),
] as const;

/** To be raised with every store that is added; a page of an older version then closes its connection. */
const VERSION = 7;
/** Another tab may need a moment to let go of the database before it counts as being in the way, in milliseconds. */
const GRACE = 2000;

/** Nothing that can pass is remembered: where opening failed, the next call tries again. */
let opening: Promise<Library> | undefined;

let reopen: () => void = () => {};

/** `again` is called when the library was closed from outside, by its deletion for instance. */
export function onReopen(again: () => void): void {
  reopen = again;
}

/**
 * The library, or null where the browser keeps nothing (some private windows, storage that is blocked).
 *
 * @throws BadInput where there is a library that cannot be opened now, saying why and what to do.
 */
export async function openLibrary(): Promise<Library | null> {
  try {
    opening ??= open();
    return await opening;
  } catch (error) {
    if (isWithoutStorage(error)) return null;
    throw error instanceof BadInput ? error : new BadInput(troubleWords(error), { cause: error });
  }
}

/** The library; throws `BadInput` where the browser keeps nothing, and as `openLibrary` does. */
export async function requireLibrary(): Promise<Library> {
  const db = await openLibrary();
  if (db) return db;
  throw new BadInput(`${NO_STORAGE}, so this cannot be kept. Open the page in an ordinary window.`);
}

/** The beginning of a sentence. */
export const NO_STORAGE = 'This browser keeps nothing on disk (a private window, or storage is blocked)';

function open(): Promise<Library> {
  let blocked: ReturnType<typeof setTimeout> | undefined;
  const own = new Promise<Library>((resolve, reject) => {
    const request = openDB<Schema>('orbit-lab', VERSION, {
      upgrade(db) {
        for (const name of STORES) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name);
      },
      // The request goes on all the same, and is answered once the other tabs are closed.
      blocked() {
        blocked = setTimeout(() => reject(new BadInput(OLDER_PAGE)), GRACE);
      },
      // Another tab wants to upgrade the database: let go of it, and open it again when it is next needed.
      // Or to delete it: then there is nothing to come back to, and the page wants to know.
      blocking(_, __, event) {
        (event.target as IDBDatabase).close();
        opening = undefined;
        if ((event as IDBVersionChangeEvent).newVersion === null) reopen();
      },
      terminated() {
        opening = undefined;
        reopen();
      },
    });
    request
      .then(
        (db) => {
          opening = Promise.resolve(db);
          resolve(db);
        },
        (error) => {
          opening = undefined;
          reject(error);
        },
      )
      .finally(() => clearTimeout(blocked));
  });
  // Where there is no database at all, asking for one throws.
  own.catch(() => {
    if (blocked === undefined) opening = undefined;
  });
  return own;
}

/** No database here, or one that may not be touched; old Firefox says `InvalidStateError` in private windows. */
const isWithoutStorage = (error: unknown): boolean =>
  !globalThis.indexedDB ||
  (error instanceof Error && (error.name === 'SecurityError' || error.name === 'InvalidStateError'));

const NEWER_PAGE =
  'Another tab has opened a newer version of this page, which keeps things in a new way. Nothing is lost: reload this page.';
const OLDER_PAGE =
  'Another tab holds an older version of this page open, so what is kept cannot be brought up to date. Nothing is lost: close or reload the other tabs of this page, then try again.';
const DISK_FULL =
  'The disk is full, so what this page keeps cannot be opened. Nothing of it is lost: free space on the disk, then reload this page.';

function troubleWords(error: unknown): string {
  if (error instanceof Error && error.name === 'VersionError') return NEWER_PAGE;
  if (isDiskFull(error)) return DISK_FULL;
  return `The browser cannot open what this page keeps (${messageOf(error)}). Free some space on the disk and restart the browser; if that does not help, it is damaged: clear the data of this page in the browser's settings, and it begins anew, without what was kept.`;
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
