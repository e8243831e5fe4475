import path from 'node:path';
import { type NamedFile, zipFolder } from '../../src/lab/files/takeAlong/takeAlong';
import { writeAtomically } from './files';

/** Writes files into a folder, or as one zip where the place ends so. */
export async function writeFiles(place: string, files: readonly NamedFile[]): Promise<void> {
  if (place.endsWith('.zip'))
    await writeAtomically(place, await zipFolder(path.basename(place, '.zip'), files));
  else for (const { name, bytes } of files) await writeAtomically(path.join(place, name), bytes);
}
