/**
 * Reads tiles and keeps the data set in this browser: pictures in a zip or a folder, the official files of CIFAR-10 or
 * MNIST, a packed set, a download, or another set turned. Needs no engine.
 */

import type { Dataset } from '../../lab/data/dataset';
import { download } from '../../lab/data/fetch/download';
import { fileName, type RemoteFile } from '../../lab/data/fetch/manifest';
import { readChunks } from '../../lab/data/readers/chunks';
import type { Entries, Entry, ReadOptions } from '../../lab/data/readers/entry';
import { isPacked, unpackDataset } from '../../lab/data/readers/packed';
import { readDataset } from '../../lab/data/readers/read';
import { blobSource, zipEntries } from '../../lab/data/readers/zip';
import { drawRotated } from '../../lab/data/rotated';
import type { BandWish } from '../../lab/pictures/bands';
import { isZip } from '../../lab/pictures/decode/kind';
import type { LabEvent, Stage } from '../../lab/stage/events';
import { requireLibrary } from '../../storage/db';
import { forgetDownloads, type KeptPart, partOf } from '../../storage/downloads';
import { requireRoom } from '../../storage/room';
import type { DatasetRow } from '../../storage/rows';
import { keepDataset, loadDataset } from '../../storage/tiles';
import type { ImportSource, PathedFile } from '../protocol/protocol';
import { loadDecoders } from './decoders';
import { runAsStage } from './reporting';

/**
 * Keeps the tiles of `source` under `name`, replacing an earlier set only when everything was read and written. What it
 * is, is read from its bytes.
 *
 * @throws BadInput when it is no usable data set, or there is no room for it.
 */
export async function* importDataset(
  name: string,
  source: ImportSource,
  bands: BandWish = 'rgb',
): Stage<DatasetRow> {
  await requireLibrary();
  yield step('listing the files');
  const dataset = yield* source.kind === 'folder'
    ? readFiles(name, yield* receiveFiles(source), bands)
    : readOneFile(name, source.file, bands);
  return yield* keepTiles(name, dataset);
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
  const dataset = yield* named.length === 1
    ? readOneFile(name, named[0])
    : readFiles(
        name,
        named.map((file) => ({ path: file.name, file })),
      );
  const row = yield* keepTiles(name, dataset);
  await forgetDownloads(set);
  return row;
}

/** Keeps a rotated draw of the kept set `from` (see rotated.ts) under `name`. */
export async function* rotateDataset(from: string, name: string): Stage<DatasetRow> {
  await requireLibrary();
  yield step('turning the digits');
  return yield* keepTiles(name, drawRotated(await loadDataset(from)));
}

async function* keepTiles(name: string, dataset: Dataset): Stage<DatasetRow> {
  yield step('keeping the tiles');
  return keepDataset({ ...dataset, name });
}

async function* readOneFile(name: string, file: File, bands?: BandWish): Stage<Dataset> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (isPacked(head)) {
    await requireRoom(name, file.size);
    return unpackDataset(new Uint8Array(await file.arrayBuffer()), file.name);
  }
  if (isZip(head)) return yield* readAsStage(name, zipEntries(blobSource(file), file.name), bands);
  return yield* readFiles(name, [{ path: file.name, file }], bands);
}

/** Files by their paths; those of an official set are counted while they are unpacked. */
function readFiles(name: string, files: readonly PathedFile[], bands?: BandWish): Stage<Dataset> {
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
    return read(name, entries, { report, signal, bands });
  });
}

const readAsStage = (name: string, entries: Entries, bands?: BandWish): Stage<Dataset> =>
  runAsStage((report, signal) => read(name, entries, { report, signal, bands }));

async function read(
  name: string,
  entries: Entries,
  {
    report,
    signal,
    bands,
  }: { report: (event: LabEvent) => void; signal: AbortSignal; bands: BandWish | undefined },
): Promise<Dataset> {
  await loadDecoders();
  const options: ReadOptions = {
    signal,
    bands,
    onShape: ({ count, size, channels }) => requireRoom(name, count * size * size * channels),
    onProgress: (progress) => report({ type: 'progress', what: 'reading tiles', ...progress }),
  };
  return readDataset(name, entries, options);
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
async function* receiveFiles({
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
