/** The data sets kept in this browser, as rows; their tiles lie beside them (`tiles.ts`). */
import { openLibrary, requireLibrary } from './db';

export interface DatasetRow {
  readonly id: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  /** Tiles of each class. */
  readonly counts: readonly number[];
  readonly size: number;
  readonly count: number;
  /** On disk. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly added: number;
}

/** The embedded synthetic set's reference. */
export const SYNTHETIC = 'synthetic';

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
