/** Pictures on disk: a file, all of a folder, or all of a zip. Files beside one may say where it lies. */
import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Entry } from '../../src/lab/data/readers/entry';
import { decodePictures, type PictureOrProblem } from '../../src/lab/data/readers/intake';
import { zipEntries } from '../../src/lab/data/readers/zip';
import { BadInput } from '../../src/lab/errors';
import type { Bands } from '../../src/lab/pictures/bands';
import { isBeside, MOST_BESIDE, placedBeside } from '../../src/lab/pictures/beside';
import { decodeFor } from '../../src/lab/pictures/decode/decode';
import { isZip } from '../../src/lab/pictures/decode/kind';
import { fileSource } from './data';
import { loadDecoders } from './decoders';
import { fileEntry, folderEntries } from './entries';
import { onDisk } from './fileErrors';

/** Every picture at a path as a network reads it, one after the other. Throws `BadInput` when there is nothing. */
export async function* picturesAt(
  path: string,
  input: { readonly bands?: Bands | undefined } = {},
): AsyncGenerator<PictureOrProblem> {
  const decode = (bytes: Uint8Array, name: string) => decodeFor(input, bytes, name);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new BadInput(`There is no file or folder "${path}".`);
  await loadDecoders();
  if (found.isDirectory()) {
    const entries = withoutBeside(folderEntries(path));
    for await (const taken of decodePictures(entries, path, decode))
      yield placed(taken, (name) => textAt(join(path, name)));
    return;
  }
  const handle = await onDisk(open(path));
  try {
    const source = await fileSource(handle);
    if (isZip(await source.read(0, 4))) {
      const list = () => zipEntries(source, basename(path));
      const texts = await besideIn(list());
      for await (const taken of decodePictures(withoutBeside(list()), path, decode))
        yield placed(taken, async (name) => texts.get(name));
      return;
    }
    for await (const taken of decodePictures([fileEntry(path, basename(path))], path, decode))
      yield placed(taken, (name) => textAt(join(dirname(path), name)));
  } finally {
    await handle.close();
  }
}

async function* withoutBeside(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  for await (const entry of entries) if (!isBeside(entry.path)) yield entry;
}

/** Where a picture says nothing of its place, files beside it may. */
async function placed(
  taken: PictureOrProblem,
  textAt: (name: string) => Promise<string | undefined>,
): Promise<PictureOrProblem> {
  if ('problem' in taken) return taken;
  return { ...taken, picture: await placedBeside(taken.picture, taken.path, textAt) };
}

/** The text of a file, of endless ones the beginning; undefined where none can be read. */
async function textAt(file: string): Promise<string | undefined> {
  // What is no ordinary file may never answer.
  if (!(await stat(file).catch(() => undefined))?.isFile()) return undefined;
  const handle = await open(file).catch(() => undefined);
  try {
    const read = await handle?.read(new Uint8Array(MOST_BESIDE), 0, MOST_BESIDE, 0).catch(() => undefined);
    return read && new TextDecoder().decode(read.buffer.subarray(0, read.bytesRead));
  } finally {
    await handle?.close();
  }
}

/** The texts of a zip that may say where its pictures lie; what cannot be read says nothing. */
async function besideIn(entries: AsyncIterable<Entry>): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for await (const { path, bytes } of entries) {
    if (!isBeside(path)) continue;
    const content = await bytes().catch(() => undefined);
    if (content) texts.set(path, new TextDecoder().decode(content.subarray(0, MOST_BESIDE)));
  }
  return texts;
}
