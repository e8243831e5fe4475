/** Pictures on disk: a file, all of a folder, or all of a zip. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodePictures, type PictureOrProblem } from '../../src/lab/data/readers/intake';
import { zipEntries } from '../../src/lab/data/readers/zip';
import { BadInput } from '../../src/lab/errors';
import type { Bands } from '../../src/lab/pictures/bands';
import { decodeFor } from '../../src/lab/pictures/decode/decode';
import { isZip } from '../../src/lab/pictures/decode/kind';
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
    yield* decodePictures(folderEntries(path), path, decode);
    return;
  }
  const handle = await open(path);
  try {
    const source = await fileSource(handle);
    const entries = isZip(await source.read(0, 4))
      ? zipEntries(source, basename(path))
      : [fileEntry(path, basename(path))];
    yield* decodePictures(entries, path, decode);
  } finally {
    await handle.close();
  }
}
