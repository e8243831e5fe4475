import { sourceName } from '../lab/data/readers/sourceName';
import { openLibrary, requireLibrary } from './db';
import { type DatasetRow, SYNTHETIC } from './rows';

/** All kept data sets, the newest first; none where the browser keeps nothing. */
export async function listDatasets(): Promise<DatasetRow[]> {
  const db = await openLibrary();
  const rows = db ? await db.getAll('datasets') : [];
  return rows.sort((a, b) => b.added - a.added);
}

/** What a data set read from a file or folder of this name is called: `EuroSAT.zip` → `EuroSAT`. */
export function idFor(path: string): string {
  const id = sourceName(path).trim().slice(0, 60) || 'tiles';
  return id === SYNTHETIC ? `${id} (dropped)` : id;
}

/** The name itself, or with the first number that makes it new. */
export function newId(id: string, taken: readonly string[]): string {
  let found = id;
  for (let n = 2; taken.includes(found); n++) found = `${id} ${n}`;
  return found;
}

export async function deleteDataset(id: string): Promise<void> {
  const change = (await requireLibrary()).transaction(['datasets', 'tiles'], 'readwrite');
  await Promise.all([
    change.objectStore('datasets').delete(id),
    change.objectStore('tiles').delete(id),
    change.done,
  ]);
}
