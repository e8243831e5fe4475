/** Which files of what a person gives are pictures to classify, in an order that hangs on their paths alone. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isHidden, isPicturePath } from '../data/readers/called';
import type { Entry } from '../data/readers/entry';
import { byPath } from '../data/readers/layout';
import { BadInput } from '../errors';
import type { BatchChoices } from './choices';

/** A picture to classify; `stamp`: what tells whether it is still the same file (its size, when it was changed). */
export interface BatchPicture extends Pick<Entry, 'path' | 'bytes'> {
  readonly stamp: string;
}

/** A file of what is given. */
export interface BatchEntry extends Entry {
  readonly stamp: string;
  /** It was named by itself, so it is meant, whatever it is called. */
  readonly isChosen?: boolean;
}

export interface Listing {
  readonly pictures: readonly BatchPicture[];
  /** What was passed over, in a sentence; null where nothing was. */
  readonly note: string | null;
}

/** More than anybody waits for. */
export const MOST_PICTURES = 1_000_000;

/**
 * The pictures among entries, by their paths. Hidden files are passed over, and those whose names are no picture's; of the
 * latter the number is told.
 *
 * @throws BadInput where there is no picture, or there are more than MOST_PICTURES.
 */
export function listBatch(entries: readonly BatchEntry[], source: string): Listing {
  const files = entries.filter(({ path }) => !path.endsWith('/') && !isHidden(path));
  const isWanted = ({ path, isChosen }: BatchEntry) => isChosen || isPicturePath(path);
  const pictures = files.filter(isWanted);
  if (pictures.length === 0) {
    throw new BadInput(
      files.length === 0
        ? `${source} holds no files.`
        : `${source} holds no file that is called like a picture (JPEG, PNG, WebP, TIFF), but ${files.length} others, ${files[0].path} among them.`,
    );
  }
  if (pictures.length > MOST_PICTURES) {
    throw new BadInput(
      `${source} holds ${pictures.length} pictures; ${MOST_PICTURES} are taken at a time. Give it in parts.`,
    );
  }
  const others = files.length - pictures.length;
  const example = files.find((file) => !isWanted(file))?.path;
  return {
    pictures: pictures.map(({ path, stamp, bytes }) => ({ path, stamp, bytes })).sort(byPath),
    note:
      others === 0
        ? null
        : `${others} ${others === 1 ? 'file was' : 'files were'} passed over, not called like pictures: ${example}${others > 1 ? ' and others' : ''}.`,
  };
}

/** Which layout the rows have: to be raised with every change to what is written of a picture. */
const LAYOUT = 1;

/** What decides every byte of the file: the network, what was chosen, the pictures in their order. 64 hex digits. */
export function batchIdentity(
  network: string,
  { unsure, mirrors, resize }: BatchChoices,
  pictures: readonly Pick<BatchPicture, 'path' | 'stamp'>[],
): string {
  const hash = sha256.create();
  const add = (value: unknown) => hash.update(utf8ToBytes(`${JSON.stringify(value)}\n`));
  add([LAYOUT, network, unsure, mirrors, resize]);
  for (const { path, stamp } of pictures) add([path, stamp]);
  return bytesToHex(hash.digest());
}
