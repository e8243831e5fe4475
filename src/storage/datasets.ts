import { BadInput } from '../lab/errors';
import { sealed } from '../lab/stage/seal';
import { openLibrary, requireLibrary } from './db';
import type { DatasetRow } from './rows';
import { rowsIn } from './sealedRows';

/** All kept data sets, the newest first; none where the browser keeps nothing. */
export async function listDatasets(): Promise<DatasetRow[]> {
  const db = await openLibrary();
  if (!db) return [];
  const change = db.transaction('datasets');
  const [keys, values] = await Promise.all([change.store.getAllKeys(), change.store.getAll()]);
  const { rows, damaged } = rowsIn<DatasetRow>(keys, values);
  for (const id of damaged) {
    const again = await madeAgain(id);
    if (again) rows.push(again);
  }
  return rows.sort((a, b) => b.added - a.added);
}

/** The row of a data set made again from its tiles, which carry a checksum; null where they are damaged too. */
async function madeAgain(id: string): Promise<DatasetRow | null> {
  // Rare, and all of the tiles' code.
  const { rowOfFile } = await import('./datasetRow');
  try {
    const row = await rowOfFile(await loadDatasetFile(id), id);
    await (await requireLibrary()).put('datasets', sealed(row), id);
    return row;
  } catch (error) {
    if (error instanceof BadInput) return null;
    throw error;
  }
}

/** The packed file of a kept data set. Throws `BadInput` when there is none. */
export async function loadDatasetFile(id: string): Promise<Blob> {
  const file = await (await openLibrary())?.get('tiles', id);
  if (file) return file;
  throw new BadInput(`The data set "${id}" is not kept in this browser; drop it again under Data.`);
}

export async function deleteDataset(id: string): Promise<void> {
  const change = (await requireLibrary()).transaction(['datasets', 'tiles'], 'readwrite');
  await Promise.all([
    change.objectStore('datasets').delete(id),
    change.objectStore('tiles').delete(id),
    change.done,
  ]);
}
