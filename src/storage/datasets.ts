import { openLibrary, requireLibrary } from './db';
import type { DatasetRow } from './rows';

/** All kept data sets, the newest first; none where the browser keeps nothing. */
export async function listDatasets(): Promise<DatasetRow[]> {
  const db = await openLibrary();
  const rows = db ? await db.getAll('datasets') : [];
  return rows.sort((a, b) => b.added - a.added);
}

export async function deleteDataset(id: string): Promise<void> {
  const change = (await requireLibrary()).transaction(['datasets', 'tiles'], 'readwrite');
  await Promise.all([
    change.objectStore('datasets').delete(id),
    change.objectStore('tiles').delete(id),
    change.done,
  ]);
}
