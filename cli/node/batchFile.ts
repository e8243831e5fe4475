/**
 * The CSV file of many pictures while it grows. Beside it stand what was written so far (`.part`) and how far that is
 * (`.part.json`, with a checksum), until all is done: only then is there a file of its name. Killed at any moment, it goes on
 * from the last portion.
 */
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Portion } from '../../src/lab/batch/classifyMany';
import { type BatchSummary, emptySummary } from '../../src/lab/batch/summary';
import { messageOf } from '../../src/lab/errors';
import { sealed, unsealed } from '../../src/lab/stage/seal';
import { onDisk } from './fileErrors';
import { makeFolder, writeAtomically } from './files';

/** What is kept of a file that is not whole yet. */
interface Kept {
  readonly identity: string;
  /** Of the part that these are good for; more may have been written before it was cut off. */
  readonly bytes: number;
  readonly checksum: string;
  readonly summary: BatchSummary;
}

export interface BatchFile {
  /** How far it is. */
  readonly summary: BatchSummary;
  /** Why it begins anew although there was a part, in a sentence; null otherwise. */
  readonly note: string | null;
  take(portion: Portion): Promise<void>;
  /** All is written: the file has its name from now on. */
  finish(): Promise<void>;
  /** Nothing of it is worth keeping. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

/** Opens what is there of `file`, or begins it with `head`. Throws `BadInput` where the disk refuses. */
export async function openBatchFile(
  file: string,
  identity: string,
  head: string,
  classes: number,
): Promise<BatchFile> {
  await makeFolder(path.dirname(path.resolve(file)));
  const [part, state] = [`${file}.part`, `${file}.part.json`];
  const found = await findKept(part, state, identity);
  const before = 'kept' in found ? found.kept : null;
  const hash = createHash('sha256');
  const handle = await onDisk(open(part, before ? 'r+' : 'w'), part);
  let bytes = 0;
  let summary = before?.summary ?? emptySummary(classes);
  const write = async (text: string) => {
    const content = Buffer.from(text);
    await onDisk(handle.write(content, 0, content.length, bytes), part);
    bytes += content.length;
    hash.update(content);
  };
  const keep = async () => {
    const kept: Kept = { identity, bytes, checksum: hash.copy().digest('hex'), summary };
    await writeAtomically(state, JSON.stringify(sealed(kept)));
  };
  if (before) {
    bytes = before.bytes;
    hash.update('content' in found ? found.content : '');
    await onDisk(handle.truncate(bytes), part);
  } else {
    await write(head);
    await keep();
  }
  return {
    summary,
    note: 'note' in found ? found.note : null,
    async take(portion) {
      await write(portion.text);
      summary = withoutPictures(portion.summary);
      await keep();
    },
    async finish() {
      await onDisk(rename(part, file), file);
      await rm(state, { force: true });
    },
    async discard() {
      for (const each of [part, state]) await rm(each, { force: true });
    },
    close: () => handle.close(),
  };
}

type Found = { readonly kept: Kept; readonly content: Buffer } | { readonly note: string | null };

async function findKept(part: string, state: string, identity: string): Promise<Found> {
  const text = await readFile(state, 'utf8').catch(() => null);
  if (text === null) return { note: null };
  const anew = (why: string) => ({ note: `${part} ${why}, so it is begun anew.` });
  try {
    const kept = unsealed(JSON.parse(text))?.value as unknown as Kept | undefined;
    if (!kept) return anew('is damaged');
    if (kept.identity !== identity) return anew('is of other pictures, another network or other choices');
    const content = (await readFile(part)).subarray(0, kept.bytes);
    const checksum = createHash('sha256').update(content).digest('hex');
    return checksum === kept.checksum ? { kept, content } : anew('is damaged');
  } catch (error) {
    return anew(`cannot be read (${messageOf(error)})`);
  }
}

/** Nobody looks at them here. */
function withoutPictures(summary: BatchSummary): BatchSummary {
  return { ...summary, first: [], unsure: [], unreadable: summary.unreadable.slice(0, 1) };
}
