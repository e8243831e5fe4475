/** What a person names to be classified (folders, zips, files) as one listing of pictures. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type BatchEntry, type Listing, listBatch } from '../../src/lab/batch/listing';
import { zipEntries } from '../../src/lab/data/readers/zip';
import { BadInput } from '../../src/lab/errors';
import { isZip } from '../../src/lab/pictures/decode/kind';
import { fileSource } from './data';
import { loadDecoders } from './decoders';
import { fileEntry, folderEntries } from './entries';
import { onDisk } from './fileErrors';

export interface Sources extends Listing {
  /** Zips stay open until their last picture is read. */
  close(): Promise<void>;
}

/**
 * The pictures of all sources. Of one source paths begin within it; of several each begins with its source's name.
 *
 * @throws BadInput where a source is not there, two are called alike, or there is no picture.
 */
export async function openSources(sources: readonly string[]): Promise<Sources> {
  const handles: FileHandle[] = [];
  const close = async () => {
    for (const handle of handles) await handle.close();
  };
  try {
    const names = sources.map((source) => basename(resolve(source)));
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new BadInput(
        `Two of what is to be classified are called "${twice}", so their rows could not be told apart; give them one after the other, or the folder above them.`,
      );
    }
    await loadDecoders();
    const entries: BatchEntry[] = [];
    for (const [i, source] of sources.entries()) {
      for await (const entry of entriesAt(source, handles)) {
        const isWhole = sources.length === 1 || entry.isChosen;
        entries.push(isWhole ? entry : { ...entry, path: `${names[i]}/${entry.path}` });
      }
    }
    return { ...listBatch(entries, sources.length === 1 ? sources[0] : 'What is to be classified'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* entriesAt(source: string, handles: FileHandle[]): AsyncGenerator<BatchEntry> {
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new BadInput(`There is no file or folder "${source}".`);
  if (found.isDirectory()) {
    for await (const entry of folderEntries(source))
      yield { ...entry, stamp: await stampOf(join(source, entry.path)) };
    return;
  }
  if (!found.isFile()) throw new BadInput(`"${source}" is no ordinary file, so it holds no picture.`);
  const handle = await onDisk(open(source));
  handles.push(handle);
  const bytes = await fileSource(handle);
  const stamp = await stampOf(source);
  if (!isZip(await bytes.read(0, 4))) {
    yield { ...fileEntry(source, basename(source)), stamp, isChosen: true };
    return;
  }
  for await (const entry of zipEntries(bytes, basename(source))) yield { ...entry, stamp };
}

/** Changes when a file does; nothing where it cannot be asked: its row says why it cannot be read. */
async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found ? `${found.size} ${found.mtimeMs}` : '';
}
