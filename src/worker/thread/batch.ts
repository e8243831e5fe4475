/** Many pictures, a row each, in the page: listed, classified, and kept portion by portion. */
import { classifyMany } from '../../lab/batch/classifyMany';
import { type BatchEntry, batchIdentity, listBatch } from '../../lab/batch/listing';
import { csvHead } from '../../lab/batch/row';
import { emptySummary } from '../../lab/batch/summary';
import { blobSource } from '../../lab/data/readers/byteSource';
import { zipEntries } from '../../lab/data/readers/zip';
import { BadInput } from '../../lab/errors';
import { fingerprintOf } from '../../lab/files/fingerprint';
import { isZip } from '../../lab/pictures/decode/kind';
import { runUntilStopped } from '../../lab/stage/events';
import { batchText, beginBatch, forgetBatch, keepPortion, loadBatch } from '../../storage/batches';
import { openLibrary } from '../../storage/db';
import type { BatchRow } from '../../storage/rows';
import { holdRun } from '../../storage/runLock';
import type { PathedFile } from '../protocol/choices';
import type { JobEvent } from '../protocol/results';
import { loadDecoders } from './decoders';
import type { Handlers } from './host';
import { receiveFiles } from './importing';
import { fetchNetwork } from './looking';
import { dropCheckpoints } from './reporting';

/** At most so often the page is told what is there, in milliseconds: it draws a table of it. */
const QUIET = 250;

export const batchHandlers: Pick<Handlers, 'batch'> = {
  async *batch({ catalogue, name, source, net, choices }, stop) {
    const release = await holdRun('batch');
    if (!release)
      throw new BadInput('Another tab classifies pictures; wait until it has done, or stop it there.');
    try {
      yield progress('opening the network');
      const { title, model } = await fetchNetwork(net, catalogue);
      await loadDecoders();
      const files = yield* source.kind === 'folder'
        ? dropCheckpoints(receiveFiles(source))
        : oneFile(source.file);
      yield progress('listing the pictures');
      const { pictures, note } = listBatch(await entriesOf(files), name);
      const identity = batchIdentity(fingerprintOf(model), choices, pictures);

      const store = (await openLibrary()) ? kept : inMemory();
      const before = await store.load();
      const { classes } = model;
      const about = { identity, name, title, classes, choices, total: pictures.length, note };
      const isSame = before?.identity === identity;
      let row: BatchRow = isSame
        ? { ...before, name, title }
        : { ...about, summary: emptySummary(classes.length), portions: 1 };
      if (!isSame) await store.begin(row, csvHead(classes));
      const resumed = row.summary.done;
      const told = (): JobEvent => ({ type: 'classified', row, resumed });
      yield told();
      const stage = classifyMany(model, pictures, choices, row.summary, async ({ text, summary }) => {
        row = { ...row, summary, portions: row.portions + 1 };
        await store.keep(row, text);
      });
      let quietUntil = 0;
      for (const running = dropCheckpoints(runUntilStopped(stage, stop)); ; ) {
        const step = await running.next();
        if (step.done) break;
        if (performance.now() >= quietUntil) {
          yield told();
          quietUntil = performance.now() + QUIET;
        }
        yield step.value;
      }
      yield told();
      if (row.summary.flags.unreadable === row.total) {
        await store.forget();
        throw new BadInput(
          `None of the ${row.total} pictures could be read. The first: ${row.summary.unreadable[0].note}`,
        );
      }
      return { row, text: store.text() };
    } finally {
      release();
    }
  },
};

/** Where a batch is kept while it grows. */
interface BatchStore {
  load(): Promise<BatchRow | null>;
  begin(row: BatchRow, head: string): Promise<void>;
  keep(row: BatchRow, text: string): Promise<void>;
  forget(): Promise<void>;
  /** null where it is kept in the browser. */
  text(): readonly string[] | null;
}

const kept: BatchStore = {
  async load() {
    const row = await loadBatch();
    // What is damaged is not gone on with.
    const isWhole =
      row &&
      (await batchText(row)
        .then(() => true)
        .catch(() => false));
    return isWhole ? row : null;
  },
  begin: beginBatch,
  keep: keepPortion,
  forget: forgetBatch,
  text: () => null,
};

/** Where the browser keeps nothing: for as long as the page lasts. */
function inMemory(): BatchStore {
  const lines: string[] = [];
  return {
    load: async () => null,
    begin: async (_, head) => void lines.push(head),
    keep: async (_, text) => void lines.push(text),
    forget: async () => {},
    text: () => lines,
  };
}

// biome-ignore lint/correctness/useYield: as `receiveFiles`, which tells how far it is.
async function* oneFile(file: File): AsyncGenerator<JobEvent, PathedFile[], void> {
  return [{ path: file.name, file }];
}

/**
 * The files as entries. What lies in one folder begins within it; a zip given by itself begins within it too, and among
 * others with its name, as on the command line.
 */
async function entriesOf(files: readonly PathedFile[]): Promise<BatchEntry[]> {
  const tops = new Set(files.map(({ path }) => path.split('/')[0]));
  const inOne = tops.size === 1 && files.every(({ path }) => path.includes('/'));
  const entries: BatchEntry[] = [];
  for (const { path, file } of files) {
    const stamp = `${file.size} ${file.lastModified}`;
    const isLoose = !path.includes('/');
    if (isLoose && isZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()))) {
      for await (const entry of zipEntries(blobSource(file), file.name))
        entries.push({ ...entry, path: files.length === 1 ? entry.path : `${path}/${entry.path}`, stamp });
    } else {
      const within = inOne ? path.slice(path.indexOf('/') + 1) : path;
      const bytes = async () => new Uint8Array(await file.arrayBuffer());
      entries.push({ path: within, bytes, stamp, isChosen: isLoose });
    }
  }
  return entries;
}

const progress = (what: string): JobEvent => ({ type: 'progress', what, done: 0, total: 1 });
