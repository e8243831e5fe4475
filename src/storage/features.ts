/**
 * Features and curves of networks opened before, so that the next visit need not compute them. A key says everything
 * that decides the numbers (network, tiles, split, engine, code), so what is there under a key is right, and what was kept by
 * another version is under none that anybody asks for; a seal tells whether it still is what was written. Bounded: what was
 * wanted longest ago goes. All of it can be computed again, so nothing here ever fails: where it cannot be read or written, it
 * is not there; and where the disk is full it gives way to what people keep.
 */
import type { Sheet } from '../lab/prune/neurons/sheet';
import { sealed } from '../lab/stage/seal';
import { within } from '../lab/within';
import { isDiskFull, openLibrary } from './db';
import type { KeptFeatures, SheetName } from './rows';
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

/** Curves, where they are kept. */
export function loadSheet(key: string, name: SheetName): Promise<Sheet | undefined> {
  return attempt(async (db) => rowIn<Sheet>(await db.get('sheets', [key, name])) ?? undefined);
}

/** The features, where they are kept; they are wanted now. The key says of which kind they are. */
export function loadFeatures<Kept extends KeptFeatures>(key: string): Promise<Kept | undefined> {
  return attempt(async (db) => {
    const change = db.transaction(['features', 'featureUses'], 'readwrite');
    const [features, use] = await Promise.all([
      change.objectStore('features').get(key),
      change.objectStore('featureUses').get(key),
    ]);
    if (use) await change.objectStore('featureUses').put({ ...use, used: Date.now() }, key);
    await change.done;
    return rowIn<Kept>(features) ?? undefined;
  });
}

/**
 * Keeps curves with the features that they come from, and drops what there is too much; true where they are kept. Features
 * given anew replace those under the key, with all their curves; null: those that are kept stay, and without any nothing is kept.
 */
export async function keepFeatures(
  key: string,
  features: KeptFeatures | null,
  name: SheetName,
  sheet: Sheet,
  most = MOST_BYTES,
  mostOfOne = Math.min(most, MOST_OF_ONE),
): Promise<boolean> {
  const given = features ? bytesOf(features) + bytesOf(sheet) : bytesOf(sheet);
  if (given > mostOfOne) return false;
  const kept = await attempt(async (db) => {
    // Not within the transaction: it takes a moment.
    const [sealedFeatures, sealedSheet] = [features && sealed(features), sealed(sheet)];
    const change = db.transaction(['features', 'featureUses', 'sheets'], 'readwrite');
    const uses = change.objectStore('featureUses');
    const [keys, values, before] = await Promise.all([
      uses.getAllKeys(),
      uses.getAll(),
      change.objectStore('sheets').get([key, name]),
    ]);
    const known = values[keys.indexOf(key)];
    if (!features && !known) return false;
    const bytes = features ? given : known.bytes + given - (before ? bytesOf(withoutSeal(before)) : 0);
    if (bytes > mostOfOne) return false;
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
      ...[...dropped.map((each) => each.key), ...(features ? [key] : [])].flatMap((each) => [
        change.objectStore('features').delete(each),
        change.objectStore('sheets').delete(IDBKeyRange.bound([each], [each, []])),
        uses.delete(each),
      ]),
      sealedFeatures && change.objectStore('features').put(sealedFeatures, key),
      change.objectStore('sheets').put(sealedSheet, [key, name]),
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

function withoutSeal<T extends object>(row: T): object {
  const { seal: _, ...rest } = row as T & { readonly seal?: unknown };
  return rest;
}

/** Of all arrays in a plain value. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, each) => sum + bytesOf(each), 0);
}
