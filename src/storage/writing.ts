/** How what people keep is written: all of it or nothing, and before any features. */
import type { IDBPObjectStore, StoreNames } from 'idb';
import { requireLibrary, type Schema } from './db';
import { beforeFeatures } from './features';

/** The stores of a transaction, by name. */
type Stores<Name extends StoreNames<Schema>> = <Each extends Name>(
  name: Each,
) => IDBPObjectStore<Schema, Name[], Each, 'readwrite'>;

/**
 * Writes in one transaction, at once, so that a page that is left right then has kept it; where the disk is full, features give
 * way. Throws what the transaction failed of: the requests of an aborted one say only that it was aborted. Throws `BadInput`
 * where nothing can be kept.
 */
export async function writing<Name extends StoreNames<Schema>>(
  names: Name[],
  requests: (stores: Stores<Name>) => Promise<unknown>[],
): Promise<void> {
  await changing(names, async (stores, commit) => {
    const asked = requests(stores);
    commit();
    await Promise.all(asked);
  });
}

/** The same where what is written depends on what is there: `work` waits for nothing but requests. Returns what it returns. */
export function changing<Name extends StoreNames<Schema>, T>(
  names: Name[],
  work: (stores: Stores<Name>, commit: () => void) => Promise<T>,
): Promise<T> {
  return beforeFeatures(async () => {
    const change = (await requireLibrary()).transaction(names, 'readwrite');
    try {
      const [result] = await Promise.all([
        work(
          (name) => change.objectStore(name),
          () => change.commit(),
        ),
        change.done,
      ]);
      return result;
    } catch (error) {
      throw change.error ?? error;
    }
  });
}
