/**
 * Reads tiles and keeps the data set in this browser: pictures in a zip or a folder, the official files of CIFAR-10 or
 * MNIST, a packed set, a download, or another set turned. Needs no engine.
 */

import type { Dataset } from '../../lab/data/dataset';
import { download } from '../../lab/data/fetch/download';
import { fileName, type RemoteFile } from '../../lab/data/fetch/manifest';
import { blobSource } from '../../lab/data/readers/byteSource';
import { readChunks } from '../../lab/data/readers/chunks';
import type { Entries, Entry, ReadOptions } from '../../lab/data/readers/entry';
import { isPacked, unpackDataset } from '../../lab/data/readers/packed';
import { readDataset } from '../../lab/data/readers/read';
import { datasetLimit, zipEntries } from '../../lab/data/readers/zip';
import { drawRotated } from '../../lab/data/rotated';
import { isZip } from '../../lab/pictures/decode/kind';
import type { LabEvent, Stage } from '../../lab/stage/events';
import { requireLibrary } from '../../storage/db';
import { forgetDownloads, type KeptPart, partOf } from '../../storage/downloads';
import { requireRoom } from '../../storage/room';
import type { DatasetRow } from '../../storage/rows';
import { keepDataset, loadDataset } from '../../storage/tiles';
import type { ImportSource, PathedFile } from '../protocol/choices';
import { loadDecoders } from './decoders';
import { runAsStage } from './reporting';

/** What of pictures is read, and how. */
type ReadWish = Pick<ReadOptions, 'scale' | 'resize' | 'bands' | 'classes'>;

/**
 * Keeps the tiles of `source` under `name`, replacing an earlier set only when everything was read and written. What it
 * is, is read from its bytes.
 *
 * @throws BadInput when it is no usable data set, or there is no room for it.
 */
export async function* importDataset(
  name: string,
  source: ImportSource,
  wish: ReadWish = {},
): Stage<DatasetRow> {
  await requireLibrary();
  yield step('listing the files');
  const read = yield* source.kind === 'folder'
    ? readFiles(name, yield* receiveFiles(source), wish)
    : readOneFile(name, source.file, wish);
  return yield* keepTiles(name, read);
}

/**
 * Downloads the files of a published set, keeps the set under `name`, and then forgets the files. `stop` ends a
 * download, whose part stays for the next time; then there is no row.
 *
 * @param set the manifest's name, under which the parts are kept.
 * @throws BadInput as `download` and `importDataset` do.
 */
export async function* downloadDataset(
  set: string,
  name: string,
  files: readonly RemoteFile[],
  stop: AbortSignal,
): Stage<DatasetRow | null> {
  await requireLibrary();
  const parts: KeptPart[] = [];
  try {
    for (const remote of files) {
      const part = await partOf(set, remote);
      yield* runAsStage((report, ended) =>
        download(remote, part, {
          signal: AbortSignal.any([stop, ended]),
          onProgress: ({ done, total }) =>
            report({ type: 'progress', what: `downloading ${fileName(remote)}`, done, total }),
          onNote: (message) => report({ type: 'warning', message }),
        }),
      );
      parts.push(part);
    }
  } catch (error) {
    if (stop.aborted) return null;
    throw error;
  }
  const got = await Promise.all(parts.map((part) => part.file()));
  const named = got.map((file, i) => new File([file], fileName(files[i])));
  const read = yield* named.length === 1
    ? readOneFile(name, named[0])
    : readFiles(
        name,
        named.map((file) => ({ path: file.name, file })),
      );
  const row = yield* keepTiles(name, read);
  await forgetDownloads(set);
  return row;
}

/** Keeps a rotated draw of the kept set `from` (see rotated.ts) under `name`. */
export async function* rotateDataset(from: string, name: string): Stage<DatasetRow> {
  await requireLibrary();
  yield step('turning the digits');
  return yield* keepTiles(name, { dataset: drawRotated(await loadDataset(from)), notes: [] });
}

/** Tiles, and what to tell of how they were read. */
interface Read {
  readonly dataset: Dataset;
  readonly notes: readonly string[];
}

async function* keepTiles(name: string, { dataset, notes }: Read): Stage<DatasetRow> {
  yield step('keeping the tiles');
  return await keepDataset({ ...dataset, name }, notes);
}

async function* readOneFile(name: string, file: File, wish?: ReadWish): Stage<Read> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (isPacked(head)) {
    await requireRoom(name, file.size);
    return { dataset: unpackDataset(new Uint8Array(await file.arrayBuffer()), file.name), notes: [] };
  }
  if (isZip(head)) {
    const entries = zipEntries(blobSource(file), file.name, { limitOf: datasetLimit });
    return yield* runAsStage((report, signal) => read(name, entries, wish, report, signal));
  }
  return yield* readFiles(name, [{ path: file.name, file }], wish);
}

/** Files by their paths; those of an official set are counted while they are unpacked. */
function readFiles(name: string, files: readonly PathedFile[], wish?: ReadWish): Stage<Read> {
  return runAsStage(async (report, signal) => {
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    let done = 0;
    const passed = (bytes: number) => {
      done += bytes;
      report({ type: 'progress', what: 'unpacking the files', done, total });
    };
    const entries = files.map(
      ({ path, file }): Entry => ({
        path,
        bytes: async () => new Uint8Array(await file.arrayBuffer()),
        stream: () => countBytes(file, passed),
      }),
    );
    return read(name, entries, wish, report, signal);
  });
}

async function read(
  name: string,
  entries: Entries,
  wish: ReadWish | undefined,
  report: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<Read> {
  await loadDecoders();
  const notes: string[] = [];
  const options: ReadOptions = {
    ...{ signal, ...wish },
    onNote: (note) => notes.push(note),
    onShape: ({ count, size, channels }) => requireRoom(name, count * size * size * channels),
    onProgress: (progress) => report({ type: 'progress', what: 'reading tiles', ...progress }),
  };
  return { dataset: await readDataset(name, entries, options), notes };
}

/** The bytes of a file, told as they pass. */
function countBytes(file: File, passed: (bytes: number) => void): ReadableStream<Uint8Array> {
  const chunks = readChunks(file.stream());
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) return controller.close();
      passed(value.length);
      controller.enqueue(value);
    },
    cancel: () => chunks.return(undefined).then(() => {}),
  });
}

/** The files of a folder, as the page hands them over. */
export async function* receiveFiles({
  count,
  port,
}: Extract<ImportSource, { kind: 'folder' }>): Stage<PathedFile[]> {
  const received: PathedFile[] = [];
  try {
    for (;;) {
      const files = await new Promise<readonly PathedFile[] | null>((resolve) => {
        port.onmessage = ({ data }) => resolve(data);
        // The page waits for it, so no list arrives while nobody listens.
        port.postMessage('next');
      });
      if (!files) return received;
      received.push(...files);
      yield { type: 'progress', what: 'listing the files', done: received.length, total: count };
    }
  } finally {
    port.close();
  }
}

const step = (what: string): LabEvent => ({ type: 'progress', what, done: 0, total: 1 });
