/** Pictures on disk: a file, all of a folder, or all of a zip. A world file beside one says where it lies. */
import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Entry } from '../../src/lab/data/readers/entry';
import { decodePictures, type PictureOrProblem } from '../../src/lab/data/readers/intake';
import { zipEntries } from '../../src/lab/data/readers/zip';
import { BadInput } from '../../src/lab/errors';
import type { Bands } from '../../src/lab/pictures/bands';
import { decodeFor } from '../../src/lab/pictures/decode/decode';
import { isZip } from '../../src/lab/pictures/decode/kind';
import { isWorldFile, placedBy, worldFileNames } from '../../src/lab/pictures/worldFile';
import { fileEntry, fileSource, folderEntries } from './data';
import { loadDecoders } from './decoders';

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
    const entries = withoutWorldFiles(folderEntries(path));
    for await (const taken of decodePictures(entries, path, decode))
      yield placed(taken, join(path, taken.path));
    return;
  }
  const handle = await open(path);
  try {
    const source = await fileSource(handle);
    if (isZip(await source.read(0, 4))) {
      yield* decodePictures(zipEntries(source, basename(path)), path, decode);
      return;
    }
    for await (const taken of decodePictures([fileEntry(path, basename(path))], path, decode))
      yield placed(taken, path);
  } finally {
    await handle.close();
  }
}

async function* withoutWorldFiles(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  for await (const entry of entries) if (!isWorldFile(entry.path)) yield entry;
}

/** Where a picture says nothing of its place, the file beside it may. */
async function placed(taken: PictureOrProblem, file: string): Promise<PictureOrProblem> {
  if ('problem' in taken || taken.picture.georeference) return taken;
  for (const name of worldFileNames(file)) {
    const text = await readFile(name, 'utf8').catch(() => undefined);
    if (text !== undefined) return { ...taken, picture: placedBy(taken.picture, text) };
  }
  return taken;
}
