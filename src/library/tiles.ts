/** The tiles of kept data sets: decoded once, packed, opened again at the speed of a copy. */
import type { Dataset } from '../lab/data/dataset';
import { packedParts, unpackDataset } from '../lab/data/packed';
import { syntheticDataset } from '../lab/data/synthetic';
import { classCounts } from '../lab/data/tiles';
import { BadInput } from '../lab/errors';
import { type DatasetRow, SYNTHETIC } from './datasets';
import { isDiskFull, openLibrary, requireLibrary } from './db';

/** Opens `synthetic` or a kept data set. Throws `BadInput` when there is none of that name or its file is damaged. */
export async function loadDataset(ref: string): Promise<Dataset> {
  if (ref === SYNTHETIC) return syntheticDataset();
  const file = await (await openLibrary())?.get('tiles', ref);
  if (!file)
    throw new BadInput(`The data set "${ref}" is not kept in this browser; drop it again under Data.`);
  return unpackDataset(new Uint8Array(await file.arrayBuffer()), `The data set "${ref}"`);
}

/** Keeps a data set under its name, replacing an earlier one. Throws `BadInput` when the disk is full. */
export async function keepDataset(dataset: Dataset): Promise<DatasetRow> {
  const file = new Blob(packedParts(dataset) as Uint8Array<ArrayBuffer>[]);
  const { name: id, title, synthetic, classes, size, count } = dataset;
  const counts = classCounts(dataset);
  const row = { id, title, synthetic, classes, counts, size, count, bytes: file.size, added: Date.now() };
  const db = await requireLibrary();
  try {
    const change = db.transaction(['datasets', 'tiles'], 'readwrite');
    await Promise.all([
      change.objectStore('datasets').put(row, id),
      change.objectStore('tiles').put(file, id),
      change.done,
    ]);
  } catch (error) {
    if (isDiskFull(error)) throw new BadInput(diskFullMessage(title, file.size), { cause: error });
    throw error;
  }
  return row;
}

function diskFullMessage(title: string, bytes: number): string {
  const megabytes = Math.ceil(bytes / 1e6);
  return `${title} needs ${megabytes} MB, more than this browser may keep. Nothing that was kept before is lost; remove a data set or a run, or free space on the disk, and try again.`;
}
