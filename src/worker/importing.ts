/** Reads a zip, a folder or a packed file of tiles and keeps the data set in this browser. Needs no engine. */
import type { Dataset } from '../lab/data/dataset';
import type { Entry, ReadOptions, ReadProgress } from '../lab/data/entry';
import { readImageFolder } from '../lab/data/imageFolder';
import { isPacked, unpackDataset } from '../lab/data/packed';
import { blobSource, isZip, zipEntries } from '../lab/data/zip';
import { BadInput } from '../lab/errors';
import type { Stage } from '../lab/events';
import type { DatasetRow } from '../library/datasets';
import { requireLibrary } from '../library/db';
import { requireRoom } from '../library/room';
import { keepDataset } from '../library/tiles';
import { loadDecoders } from './decoders';
import type { ImportSource, PathedFile } from './protocol';

/**
 * Keeps the tiles of `source` under `name`, replacing an earlier set only when everything was read and written. What it
 * is, is read from its bytes.
 *
 * @throws BadInput when it is no usable data set, or there is no room for it.
 */
export async function* importing(name: string, source: ImportSource): Stage<DatasetRow> {
  await requireLibrary();
  yield { type: 'progress', what: 'listing the files', done: 0, total: 1 };
  const dataset = yield* reading(name, source);
  yield { type: 'progress', what: 'keeping the tiles', done: 0, total: 1 };
  return keepDataset({ ...dataset, name });
}

async function* reading(name: string, source: ImportSource): Stage<Dataset> {
  if (source.kind === 'folder') return yield* readingPictures(name, yield* receiving(source));
  const { file } = source;
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (isPacked(head)) {
    await requireRoom(name, file.size);
    return unpackDataset(new Uint8Array(await file.arrayBuffer()), file.name);
  }
  if (isZip(head)) return yield* readingPictures(name, zipEntries(blobSource(file), file.name));
  throw new BadInput(
    `${file.name} is neither a zip of pictures nor a packed data set. Give a zip, or a folder with one subfolder per class.`,
  );
}

/** The files of a folder, as the page hands them over. */
async function* receiving({ count, port }: Extract<ImportSource, { kind: 'folder' }>): Stage<Entry[]> {
  const entries: Entry[] = [];
  try {
    for (;;) {
      const files = await new Promise<readonly PathedFile[] | null>((resolve) => {
        port.onmessage = ({ data }) => resolve(data);
        // The page waits for it, so no list arrives while nobody listens.
        port.postMessage('next');
      });
      if (!files) return entries;
      for (const { path, file } of files) {
        entries.push({ path, bytes: async () => new Uint8Array(await file.arrayBuffer()) });
      }
      yield { type: 'progress', what: 'listing the files', done: entries.length, total: count };
    }
  } finally {
    port.close();
  }
}

/** Reads pictures, and yields how far it is; ended early, it reads no further. */
async function* readingPictures(
  name: string,
  entries: Iterable<Entry> | AsyncIterable<Entry>,
): Stage<Dataset> {
  await loadDecoders();
  const stop = new AbortController();
  let latest: ReadProgress | null = null;
  let wake = () => {};
  const options: ReadOptions = {
    signal: stop.signal,
    onShape: ({ count, size, channels }) => requireRoom(name, count * size * size * channels),
    onProgress(progress) {
      latest = progress;
      wake();
    },
  };
  let result: Dataset | null = null;
  const work = readImageFolder(name, entries, options).then((dataset) => {
    result = dataset;
  });
  try {
    while (!result) {
      await Promise.race([work, new Promise<void>((resolve) => (wake = resolve))]);
      if (latest) yield { type: 'progress', what: 'reading tiles', ...(latest as ReadProgress) };
    }
    return result;
  } finally {
    stop.abort();
    await work.catch(() => {});
  }
}
