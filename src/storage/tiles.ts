/** The tiles of kept data sets: decoded once, packed, opened again at the speed of a copy. */
import type { Dataset } from '../lab/data/dataset';
import { packedParts, unpackDataset } from '../lab/data/readers/packed';
import { syntheticDataset } from '../lab/data/synthetic';
import { datasetHash } from '../lab/data/tiles';
import { sealed } from '../lab/stage/seal';
import { rowOfDataset } from './datasetRow';
import { loadDatasetFile } from './datasets';
import { isDiskFull } from './db';
import { diskFullError } from './room';
import { type DatasetRow, SYNTHETIC } from './rows';
import { writing } from './writing';

/** Opens `synthetic` or a kept data set. Throws `BadInput` when there is none of that name or its file is damaged. */
export async function loadDataset(ref: string): Promise<Dataset> {
  if (ref === SYNTHETIC) return syntheticDataset();
  const file = await loadDatasetFile(ref);
  return unpackDataset(new Uint8Array(await file.arrayBuffer()), `The data set "${ref}"`);
}

/**
 * Keeps a data set under its name. An earlier one of that name is replaced in the same transaction: it stays where this
 * fails. notes: what to tell of how it was read. Throws `BadInput` when the disk is full.
 */
export async function keepDataset(dataset: Dataset, notes: readonly string[] = []): Promise<DatasetRow> {
  const { name: id, title } = dataset;
  const hash = datasetHash(dataset);
  const file = await blobOf(packedParts(dataset, hash));
  const row = rowOfDataset(dataset, file.size, hash, notes);
  try {
    await writing(['datasets', 'tiles'], (stores) => [
      stores('datasets').put(sealed(row), id),
      stores('tiles').put(file, id),
    ]);
  } catch (error) {
    if (isDiskFull(error)) throw await diskFullError(title, file.size, error);
    throw error;
  }
  return row;
}

/** Bytes handed over at once. */
const PIECE = 16 * 2 ** 20;

/**
 * A Blob of large parts. A browser holds a copy of what a Blob is made of until it has taken it over: asked for a byte of
 * each piece, it has, and there is never a second copy of all tiles.
 */
async function blobOf(parts: readonly Uint8Array[]): Promise<Blob> {
  const pieces: Blob[] = [];
  for (const part of parts) {
    for (let start = 0; start < part.length; start += PIECE) {
      const piece = new Blob([part.subarray(start, start + PIECE) as Uint8Array<ArrayBuffer>]);
      await piece.slice(-1).arrayBuffer();
      pieces.push(piece);
    }
  }
  return new Blob(pieces);
}
