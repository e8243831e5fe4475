/** Fetches a published data set by name: its files are downloaded, checked, kept, and imported. */

import { join } from 'node:path';
import type { Dataset } from '../src/lab/data/dataset';
import type { DownloadOptions } from '../src/lab/data/fetch/download';
import { fileName, isMade } from '../src/lab/data/fetch/manifest';
import type { LabEvent } from '../src/lab/stage/events';
import { download } from './download';
import { readManifest } from './manifest';
import { type DataOptions, importDataset, PROJECT_ROOT } from './node/data';

export interface FetchOptions extends DataOptions {
  readonly onEvent?: (event: LabEvent) => void;
  readonly download?: Pick<DownloadOptions, 'attempts' | 'pauseMs' | 'stallMs'>;
}

/**
 * Downloads what `datasets/<name>.json` lists to `datasets/downloads/` and imports it under that name. What is
 * already there with the right checksum is not downloaded again.
 *
 * @throws BadInput when there is no such manifest, or as download and importDataset do.
 */
export async function fetchDataset(
  name: string,
  options: FetchOptions = {},
): Promise<{ dataset: Dataset; file: string; downloads: string }> {
  const datasets = join(options.root ?? PROJECT_ROOT, 'datasets');
  const wanted = await readManifest(name, datasets);
  const sourceName = isMade(wanted) ? wanted.rotated : name;
  const source = isMade(wanted) ? await readManifest(sourceName, datasets) : wanted;
  if (isMade(source)) throw new Error(`datasets/${name}.json is made from a set that is made itself`);

  const folder = join(datasets, 'downloads', sourceName);
  const files: string[] = [];
  for (const remote of source.files) {
    const what = fileName(remote);
    const file = join(folder, what);
    await download(remote, file, {
      ...options.download,
      onProgress: ({ done, total }) => options.onEvent?.({ type: 'progress', what, done, total }),
      onNote: (message) => options.onEvent?.({ type: 'warning', message }),
    });
    files.push(file);
  }
  const path = files.length === 1 ? files[0] : folder;
  const imported = await importDataset(path, name, { ...options, rotated: isMade(wanted) });
  return { ...imported, downloads: folder };
}
