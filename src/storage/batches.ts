/**
 * The pictures classified last: one row that says how far it is, and the lines of its CSV file in portions. Both are written
 * together, so that a page that is left at any moment has kept whole portions alone. A later batch takes its place.
 */
import { BadInput } from '../lab/errors';
import { sealed } from '../lab/stage/seal';
import { openLibrary } from './db';
import type { BatchRow } from './rows';
import { rowIn } from './sealedRows';
import { writing } from './writing';

const BATCH = 'latest';

/** How far it is; null where there is none, or it was damaged. */
export async function loadBatch(): Promise<BatchRow | null> {
  const found = await (await openLibrary())?.get('batches', BATCH);
  return found === undefined ? null : rowIn<BatchRow>(found);
}

/** Begins a batch in the place of another, with the line of names. */
export async function beginBatch(row: BatchRow, head: string): Promise<void> {
  await writing(['batches', 'batchLines'], (stores) => [
    stores('batchLines').clear(),
    stores('batchLines').put(sealed({ text: head }), 0),
    stores('batches').put(sealed(row), BATCH),
  ]);
}

/** Keeps one portion more: the last of those that `row` counts. */
export async function keepPortion(row: BatchRow, text: string): Promise<void> {
  await writing(['batches', 'batchLines'], (stores) => [
    stores('batchLines').put(sealed({ text }), row.portions - 1),
    stores('batches').put(sealed(row), BATCH),
  ]);
}

/** The lines of all portions. Throws `BadInput` where one is not what was written. */
export async function batchText({ portions }: Pick<BatchRow, 'portions'>): Promise<string[]> {
  const found = (await (await openLibrary())?.getAll('batchLines')) ?? [];
  const rows = found.map((each) => rowIn<{ readonly text: string }>(each)?.text ?? null);
  if (rows.length < portions || rows.slice(0, portions).includes(null)) {
    throw new BadInput(
      'What this browser kept of these pictures is damaged, so there is no file of it: classify them again.',
    );
  }
  return rows.slice(0, portions) as string[];
}

/** Forgets it, and frees its room. */
export async function forgetBatch(): Promise<void> {
  await writing(['batches', 'batchLines'], (stores) => [
    stores('batches').clear(),
    stores('batchLines').clear(),
  ]);
}
