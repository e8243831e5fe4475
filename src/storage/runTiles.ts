/** The tiles of a kept run: its numbers go on only from the very tiles they came from. */
import type { Dataset } from '../lab/data/dataset';
import { datasetHash } from '../lab/data/tiles';
import { BadInput } from '../lab/errors';
import type { RunData } from './rows';
import { loadDataset } from './tiles';

/** What a run remembers of a data set. */
export function runDataOf(ref: string, dataset: Dataset): RunData {
  const { title, synthetic, classes, count } = dataset;
  return { ref, title, synthetic, classes, count, hash: datasetHash(dataset) };
}

/** Opens the data set of a run. Throws `BadInput` when it is not kept any more or is not the same any more. */
export async function loadRunTiles({ ref, title, count, hash }: RunData): Promise<Dataset> {
  const dataset = await loadDataset(ref);
  if (datasetHash(dataset) === hash) return dataset;
  throw new BadInput(
    `${title} has changed since this run began (${count} tiles then, ${dataset.count} now, or other pictures or classes), so the run cannot go on with it. Train anew on the tiles as they are now.`,
  );
}
