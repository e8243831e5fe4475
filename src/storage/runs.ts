import { readRecipe } from '../lab/recipe/parse';
import { keyOf } from '../lab/stage/store';
import { openLibrary, requireLibrary } from './db';
import type { RunRow, StoredRun } from './rows';

/** The name under which a run's stages and checkpoints are kept. */
export const stagesOf = (id: string): string => `run ${id}`;

function readRow(stored: StoredRun): RunRow {
  const row: RunRow = { kind: 'training', records: [], later: null, ...stored };
  const { recipe, converted } = readRecipe(row.recipe);
  if (!converted) return row;
  const nameOf = (former: string) => converted.get(former) ?? former;
  const { records, later } = row;
  return {
    ...row,
    recipe,
    records: records.map((record) => ({ ...record, id: keyOf(record), name: nameOf(record.name) })),
    later: later && { ...later, stage: nameOf(later.stage) },
    formerNames: Object.fromEntries([...converted].map(([former, name]) => [name, former])),
  };
}

/** All runs, the newest first; none where the browser keeps nothing. */
export async function listRuns(): Promise<RunRow[]> {
  const db = await openLibrary();
  const rows = db ? await db.getAll('runs') : [];
  return rows.map(readRow).sort((a, b) => b.created - a.created);
}

export async function loadRun(id: string): Promise<RunRow | undefined> {
  const row = await (await openLibrary())?.get('runs', id);
  return row && readRow(row);
}

/** Keeps a row, replacing what was there. */
export async function putRun(row: RunRow): Promise<void> {
  await (await requireLibrary()).put('runs', row, row.id);
}

/** Changes part of a row in one transaction; false when there is no such run (any more). */
export async function changeRun(id: string, changes: Partial<Omit<RunRow, 'id'>>): Promise<boolean> {
  const change = (await requireLibrary()).transaction('runs', 'readwrite');
  const row = await change.store.get(id);
  if (row) await change.store.put({ ...row, ...changes }, id);
  await change.done;
  return row !== undefined;
}

/** Forgets a run: its row, its network and its checkpoint. */
export async function deleteRun(id: string): Promise<void> {
  const change = (await requireLibrary()).transaction(['runs', 'stages', 'checkpoints'], 'readwrite');
  const all = IDBKeyRange.bound([stagesOf(id)], [stagesOf(id), []]);
  await Promise.all([
    change.objectStore('runs').delete(id),
    change.objectStore('stages').delete(all),
    change.objectStore('checkpoints').delete(all),
    change.done,
  ]);
}
