/** Places that a store can lie in, for tests: each with its objects as they lie there. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { folderObjects } from '../folder';
import type { Objects } from '../objects';

export interface Place {
  readonly name: string;
  /** Begins an empty store, and says how it is referred to. */
  fresh(): Promise<string>;
  /** The objects of a store. */
  objects(reference: string): Objects;
  /** The names of all of them. */
  names(reference: string): Promise<string[]>;
  end(): Promise<void>;
}

/** Folders on this machine's disk. */
export async function folders(): Promise<Place> {
  const top = await mkdtemp(path.join(tmpdir(), 'orbit-artefacts-'));
  let count = 0;
  return {
    name: 'a folder',
    async fresh() {
      const folder = path.join(top, `store-${count++}`);
      await mkdir(folder);
      return folder;
    },
    objects: folderObjects,
    names: filesIn,
    end: () => rm(top, { recursive: true }),
  };
}

/** The files in a folder and below it, by their paths there. */
export async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const isFile = await Promise.all(
    names.map(async (name) => (await stat(path.join(folder, name)).catch(() => null))?.isFile() ?? false),
  );
  return names.filter((_, i) => isFile[i]).sort();
}
