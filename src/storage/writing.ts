/** How what people keep is written: all of it or nothing, and before any features. */
import type { IDBPObjectStore, StoreNames } from 'idb';
import { requireLibrary, type Schema } from './db';
import { beforeFeatures } from './features';

/**
 * Writes in one transaction; where the disk is full, features give way. Throws what the transaction failed of: the requests of an aborted one say
 * only that it was aborted. Throws `BadInput` where nothing can be kept.
 */
export async function writing<Name extends StoreNames<Schema>>(
  names: Name[],
  requests: (
    store: <Each extends Name>(name: Each) => IDBPObjectStore<Schema, Name[], Each, 'readwrite'>,
  ) => Promise<unknown>[],
): Promise<void> {
  await beforeFeatures(async () => {
    const change = (await requireLibrary()).transaction(names, 'readwrite');
    try {
      await Promise.all([...requests((name) => change.objectStore(name)), change.done]);
    } catch (error) {
      throw change.error ?? error;
    }
  });
}
