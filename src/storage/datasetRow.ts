/** The row of a data set, made from its tiles. */
import { contactSheet } from '../lab/data/contactSheet';
import type { Dataset } from '../lab/data/dataset';
import { unpackDataset } from '../lab/data/readers/packed';
import { officialByClass } from '../lab/data/split/splits';
import { classCounts, datasetHash } from '../lab/data/tiles';
import type { DatasetRow } from './rows';

/** `bytes`: of its file; `notes`: what there was to tell of how its tiles were read. */
export function rowOfDataset(
  dataset: Dataset,
  bytes: number,
  hash = datasetHash(dataset),
  notes: readonly string[] = [],
): DatasetRow {
  const { name: id, title, synthetic, classes, size, channels, bands, count } = dataset;
  return {
    ...{ id, title, synthetic, classes, size, channels, count, hash, notes },
    ...(bands && { bands }),
    counts: classCounts(dataset),
    official: officialByClass(dataset),
    sheet: contactSheet(dataset),
    bytes,
    added: Date.now(),
  };
}

/** The same from its file. Throws `BadInput` where that is damaged. */
export async function rowOfFile(file: Blob, id: string): Promise<DatasetRow> {
  const dataset = unpackDataset(new Uint8Array(await file.arrayBuffer()), `The data set "${id}"`);
  return { ...rowOfDataset(dataset, file.size), id };
}
