/** Pictures on disk: a file, all of a folder, or all of a zip. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodePictures, type PictureOrProblem } from '../../src/lab/data/readers/intake';
import { zipEntries } from '../../src/lab/data/readers/zip';
import { BadInput } from '../../src/lab/errors';
import { isZip } from '../../src/lab/pictures/decode/kind';
import { fileSource } from './data';
import { loadDecoders } from './decoders';
import { fileEntry, folderEntries } from './entries';
import { onDisk } from './fileErrors';

/** Every picture at a path, decoded one after the other. Throws `BadInput` when there is nothing. */
export async function* picturesAt(path: string): AsyncGenerator<PictureOrProblem> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new BadInput(`There is no file or folder "${path}".`);
  await loadDecoders();
  if (found.isDirectory()) {
    yield* decodePictures(folderEntries(path), path);
    return;
  }
  const handle = await onDisk(open(path));
  try {
    const source = await fileSource(handle);
    const entries = isZip(await source.read(0, 4))
      ? zipEntries(source, basename(path))
      : [fileEntry(path, basename(path))];
    yield* decodePictures(entries, path);
  } finally {
    await handle.close();
  }
}
