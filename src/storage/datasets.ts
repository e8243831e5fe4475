/** The data sets kept in this browser, as rows; their tiles lie beside them (`tiles.ts`). */
import type { ContactSheet } from '../lab/data/contactSheet';
import { sourceName } from '../lab/data/readers/sourceName';
import type { OfficialParts } from '../lab/data/split/splits';
import { openLibrary, requireLibrary } from './db';

/** What a data set says of itself without its tiles. */
export interface DatasetFacts {
  readonly id: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  /** Tiles of each class. */
  readonly counts: readonly number[];
  /** Which part of the data set each tile of a class came in; null where it came as one. */
  readonly official: OfficialParts | null;
  readonly size: number;
  readonly count: number;
  readonly sheet: ContactSheet;
}

export interface DatasetRow extends DatasetFacts {
  /** Stands for pixels, labels and classes: `datasetHash`. */
  readonly hash: string;
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
