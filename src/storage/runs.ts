/** Runs kept in this browser: one row each, with the recipe that made it; its networks lie under `stages`. */
import type { SplitName } from '../lab/data/dataset';
import type { Recipe } from '../lab/recipe/schema';
import type { EpochRecord } from '../lab/stage/history';
import type { StageRecord } from '../lab/stage/store';
import { openLibrary, requireLibrary } from './db';

/** `running` in a row nobody works on means cut off: by a reload, a crash, a closed tab. */
export type RunStatus = 'running' | 'stopped' | 'done' | 'failed';

/** Which view began it and lists it: a recipe file may well hold a training alone. */
export const RUN_KINDS = ['training', 'pipeline'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What a run's store holds, as its row says it. */
export interface Kept {
  /** Of the finished stages, in order. */
  readonly records: readonly StageRecord[];
  /** Finished epochs of the first training. */
  readonly history: readonly EpochRecord[];
  /** The finished epochs of a later training that is not finished: a student's, a fine-tuning's. */
  readonly later: { readonly stage: string; readonly history: readonly EpochRecord[] } | null;
}

/** The data set a run was trained on. */
export interface RunData {
  /** `synthetic`, or the id of a kept data set. */
  readonly ref: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly classes: readonly string[];
  readonly count: number;
  /** `datasetHash`: tells whether the tiles kept under `ref` are still the same. */
  readonly hash: string;
}

/** The trained network on the validation tiles at the four quarter turns. */
export interface RunCheck {
  readonly turned: readonly number[];
  readonly changed: number;
  readonly undecided: number;
  readonly tiles: number;
}

export interface RunRow extends Kept {
  readonly id: string;
  readonly kind: RunKind;
  readonly name: string;
  readonly recipe: Recipe;
  readonly data: RunData;
  /** Tiles of each part of the split. */
  readonly tiles: Readonly<Record<SplitName, number>>;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly status: RunStatus;
  /** The engine and its adapter, in words. */
  readonly engine: string;
  readonly params: number;
  /** Why training ended: a stopping rule's name; null while it has not. */
  readonly stop: string | null;
  readonly check: RunCheck | null;
  /** What went wrong, where `status` is `failed`, or why training stopped unasked. */
  readonly message: string | null;
}

/** The name under which a run's stages and checkpoints are kept. */
export const stagesOf = (id: string): string => `run ${id}`;

/** A row as it lies in the library: one written before there were pipelines has none of their fields. */
export type StoredRun = Omit<RunRow, 'kind' | 'records' | 'later'> & Partial<RunRow>;

const readRow = (row: StoredRun): RunRow => ({ kind: 'training', records: [], later: null, ...row });

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
