/** Pictures from whatever a person brings: files, a folder, a zip. One that cannot be read does not stop the others. */

import { decodePicture, type Picture } from '../data/decode';
import type { Entries, Entry } from '../data/entry';
import { isHidden } from '../data/layout';
import { BadInput } from '../errors';

/** More than anyone looks at; whole data sets have a reader of their own (data/read.ts). */
export const MAX_PICTURES = 2_000;

export type Taken =
  | { readonly path: string; readonly picture: Picture }
  /** Why this one could not be read, in a sentence for people. */
  | { readonly path: string; readonly problem: string };

/**
 * The files of a listing that may be pictures, in the order given: no folders, nothing hidden; paths are names only and
 * lead nowhere.
 *
 * @throws BadInput when the listing itself is broken, empty, or holds more than MAX_PICTURES files.
 */
export async function* pictureEntries(entries: Entries, source: string): AsyncGenerator<Entry> {
  let count = 0;
  for await (const entry of entries) {
    if (entry.path.endsWith('/') || isHidden(entry.path)) continue;
    if (++count > MAX_PICTURES) {
      throw new BadInput(
        `${source} holds more than ${MAX_PICTURES} files; the first ${MAX_PICTURES} were read.`,
      );
    }
    yield entry;
  }
  if (count === 0) throw new BadInput(`${source} holds no files.`);
}

/**
 * Decodes one picture after the other. An archive within an archive is a picture that cannot be read.
 *
 * @throws BadInput as `pictureEntries` does.
 */
export async function* picturesOf(entries: Entries, source: string): AsyncGenerator<Taken> {
  for await (const { path, bytes } of pictureEntries(entries, source)) {
    try {
      yield { path, picture: await decodePicture(await bytes(), path) };
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      yield { path, problem: error.message };
    }
  }
}
