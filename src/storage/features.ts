/**
 * Features and first curves of networks opened before, so that the next visit need not compute them. A key says everything
 * that decides the numbers (network, tiles, split, engine, code), so what is there under a key is right, and what was kept by
 * another version is under none that anybody asks for; a seal tells whether it still is what was written. Bounded: what was
 * wanted longest ago goes. All of it can be computed again, so nothing here ever fails: where it cannot be read or written, it
 * is not there; and where the disk is full it gives way to what people keep.
 */
import type { Sheet } from '../lab/prune/neurons/sheet';
import { sealed } from '../lab/stage/seal';
import { within } from '../lab/within';
import { isDiskFull, openLibrary } from './db';
import type { KeptFeatures } from './rows';
import { rowIn } from './sealedRows';

/** Bytes kept at most, of all networks, and of one. */
export const MOST_BYTES = 256e6;
const MOST_OF_ONE = MOST_BYTES / 4;

/** How long the library is waited for, in milliseconds: by then all of it could have been computed. */
export const PATIENCE = 5000;

/** Whether anything is kept: quick, where little is to be won by asking further. */
export async function hasFeatures(): Promise<boolean> {
  return (await attempt(async (db) => (await db.count('featureUses')) > 0)) ?? false;
}

/** The curves of all tiles, where they are kept. `seed`: that of the random method. */
export function loadSheet(key: string, seed: number): Promise<Sheet | undefined> {
  return attempt(async (db) => rowIn<Sheet>(await db.get('sheets', [key, seed])) ?? undefined);
}

/** The features, where they are kept; they are wanted now. */
export function loadFeatures(key: string): Promise<KeptFeatures | undefined> {
  return attempt(async (db) => {
    const change = db.transaction(['features', 'featureUses'], 'readwrite');
    const [features, use] = await Promise.all([
      change.objectStore('features').get(key),
      change.objectStore('featureUses').get(key),
    ]);
    if (use) await change.objectStore('featureUses').put({ ...use, used: Date.now() }, key);
    await change.done;
    return rowIn<KeptFeatures>(features) ?? undefined;
  });
}

/** Keeps features with their curves, and drops what there is too much; true where they are kept. */
export async function keepFeatures(
  key: string,
  features: KeptFeatures,
  seed: number,
  sheet: Sheet,
  most = MOST_BYTES,
  mostOfOne = Math.min(most, MOST_OF_ONE),
): Promise<boolean> {
  const bytes = bytesOf(features) + bytesOf(sheet);
  if (bytes > mostOfOne) return false;
  const kept = await attempt(async (db) => {
    // Not within the transaction: it takes a moment.
    const [sealedFeatures, sealedSheet] = [sealed(features), sealed(sheet)];
    const change = db.transaction(['features', 'featureUses', 'sheets'], 'readwrite');
    const uses = change.objectStore('featureUses');
    const [keys, values] = await Promise.all([uses.getAllKeys(), uses.getAll()]);
    const others = keys
      .map((each, i) => ({ key: each, ...values[i] }))
      .filter((each) => each.key !== key)
      .sort((a, b) => b.used - a.used);
    let total = bytes;
    const dropped = others.filter((each) => {
      total += each.bytes;
      return total > most;
    });
    await Promise.all([
      // Room is made before it is taken.
      ...[...dropped.map((each) => each.key), key].flatMap((each) => [
        change.objectStore('features').delete(each),
        change.objectStore('sheets').delete(IDBKeyRange.bound([each], [each, []])),
        uses.delete(each),
      ]),
      change.objectStore('features').put(sealedFeatures, key),
      change.objectStore('sheets').put(sealedSheet, [key, seed]),
      uses.put({ bytes, used: Date.now() }, key),
      change.done,
    ]);
    return true;
  });
  return kept ?? false;
}

/**
 * Writes what somebody wants kept. Where the disk is full, all features go first, and it is written once more; throws what that
 * fails of. `write` is to throw what a transaction failed of, not what its requests say.
 */
export async function beforeFeatures<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isDiskFull(error) || !(await hasFeatures())) throw error;
    await attempt(async (db) => {
      const kept = ['features', 'featureUses', 'sheets'] as const;
      const change = db.transaction(kept, 'readwrite');
      await Promise.all([...kept.map((name) => change.objectStore(name).clear()), change.done]);
    });
    return write();
  }
}

/**
 * undefined where the library cannot be opened, the disk is full, or whatever else is wrong; and where it does not answer,
 * because a page that went away left a transaction behind, for instance: the page opens without it.
 */
async function attempt<T>(work: (db: NonNullable<Awaited<ReturnType<typeof openLibrary>>>) => Promise<T>) {
  try {
    const working = openLibrary().then((db) => (db ? work(db) : undefined));
    return await within<T | undefined>(PATIENCE, working, () => undefined);
  } catch {
    return undefined;
  }
}

/** Of all arrays in a plain value. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, each) => sum + bytesOf(each), 0);
}
