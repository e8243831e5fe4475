/** Pictures from whatever a person brings: files, a folder, a zip. One that cannot be read does not stop the others. */

import { BadInput } from '../../errors';
import { type DecodedBands, decodePicture } from '../../pictures/decode/decode';
import { isHidden } from './called';
import type { Entries, Entry } from './entry';

/** More than anyone looks at; whole data sets have a reader of their own (data/read.ts). */
export const MAX_PICTURES = 2_000;

export type PictureOrProblem =
  | { readonly path: string; readonly picture: DecodedBands }
  /** Why this one could not be read, in a sentence for people. */
  | { readonly path: string; readonly problem: string };

/** Everything of an archive together, unpacked, in bytes. */
export const MAX_UNPACKED = 512 * 2 ** 20;

/** A file out of an archive, not decoded; or why it did not come out, in a sentence for people. */
export type FileOrProblem =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly problem: string };

/**
 * The files of a listing that may be pictures, in the order given: no folders, nothing hidden; paths are names only and
 * lead nowhere.
 *
 * @throws BadInput when the listing itself is broken, empty, or holds more than MAX_PICTURES files.
 */
export async function* listPictures(entries: Entries, source: string): AsyncGenerator<Entry> {
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
 * Unpacks one file after the other; one that is damaged does not stop the others.
 *
 * @param most bytes that may come out altogether.
 * @throws BadInput as `listPictures` does, and when more than that comes out; what came before stays good.
 */
export async function* unpackFiles(
  entries: Entries,
  source: string,
  most = MAX_UNPACKED,
): AsyncGenerator<FileOrProblem> {
  let total = 0;
  for await (const { path, bytes } of listPictures(entries, source)) {
    const entry = await bytes().then(
      (unpacked): FileOrProblem => ({ path, bytes: unpacked }),
      (error): FileOrProblem => {
        if (error instanceof BadInput) return { path, problem: error.message };
        throw error;
      },
    );
    if ('bytes' in entry) total += entry.bytes.length;
    if (total > most) {
      throw new BadInput(
        `${source} holds more than ${most} bytes unpacked; what came before was read. Give it in parts.`,
      );
    }
    yield entry;
  }
}

/**
 * Decodes one picture after the other. An archive within an archive is a picture that cannot be read.
 *
 * @throws BadInput as `listPictures` does.
 */
export async function* decodePictures(
  entries: Entries,
  source: string,
  decode: (bytes: Uint8Array, name: string) => Promise<DecodedBands> = decodePicture,
): AsyncGenerator<PictureOrProblem> {
  for await (const { path, bytes } of listPictures(entries, source)) {
    try {
      yield { path, picture: await decode(await bytes(), path) };
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      yield { path, problem: error.message };
    }
  }
}
