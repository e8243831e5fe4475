import { BadInput } from '../lab/errors';
import { openLibrary, requireLibrary } from './db';
import type { DatasetRow } from './rows';

/** All kept data sets, the newest first; none where the browser keeps nothing. */
export async function listDatasets(): Promise<DatasetRow[]> {
  const db = await openLibrary();
  const rows = db ? await db.getAll('datasets') : [];
  return rows.sort((a, b) => b.added - a.added);
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
