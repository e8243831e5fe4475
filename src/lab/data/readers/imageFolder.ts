/** Reads a folder of pictures, one subfolder per class, from any source of entries. */

import { BadInput } from '../../errors';
import { decodeBands } from '../../pictures/decode/decode';
import { metresPerPixel } from '../../pictures/ground';
import type { Picture } from '../../pictures/picture';
import { RESIZE_WORDS, type Resize, resizeSquare } from '../../pictures/resize';
import type { Channels } from '../bands';
import type { Dataset } from '../dataset';
import { partsBeside } from '../parts';
import { isHidden, isPicture } from './called';
import type { Entries, Entry, ReadOptions } from './entry';
import { eurosatTitle } from './eurosat';
import { folderLayout } from './layout';
import { partLists } from './partLists';
import { PictureNotes } from './pictureNotes';
import { findSplitFile } from './splitFile';

/** All tiles live in one array. */
export const MAX_DATASET_BYTES = 2 ** 31 - 1;

/**
 * Decodes every picture, one after the other in the order of their paths (so the same tiles give the same
 * data set from a zip, a folder or a drop), holding one compressed file at a time.
 *
 * @returns count × size × size × channels pixels: red, green and blue, or the bands that were asked for; titled EuroSAT when they are its tiles (see eurosatTitle).
 * @throws BadInput when the layout is wrong (see folderLayout), a picture cannot be decoded, is not square, has values of a
 * range of its own, or, where they are not to be scaled, an odd size or another than the first; the signal's reason when
 * aborted.
 */
export async function readImageFolder(
  name: string,
  entries: Entries,
  options: ReadOptions = {},
): Promise<Dataset> {
  const list = await collect(entries, options.signal);
  const others = list.filter((entry) => !isPicture(entry) && !isHidden(entry.path)).map(readOnce);
  const whole = await findSplitFile(others);
  const { split, note } = whole
    ? { split: whole, note: null }
    : await partLists(others, list.filter(isPicture));
  const { classes, pictures, parts, notes } = folderLayout(list, name, split, options.classes);
  const count = pictures.length;
  const labels = Uint8Array.from(pictures, ({ label }) => label);
  const { scale, resize } = options;
  if (scale !== undefined && (!Number.isInteger(scale) || scale < 4 || scale % 2 !== 0)) {
    throw new BadInput(
      `Pictures cannot be scaled to ${scale}×${scale}; give an even side of at least 4 pixels.`,
    );
  }
  if (resize !== undefined && scale === undefined) {
    throw new BadInput(
      'How pictures become squares says nothing without their size: say to what side all are to be scaled.',
    );
  }
  const seen = new PictureNotes();
  let oblong = 0;
  let size = 0;
  let kind: Channels & Pick<Dataset, 'metres'> = { channels: 3 };
  let pixels = new Uint8Array(0);

  for (const [i, { entry, key }] of pictures.entries()) {
    options.signal?.throwIfAborted();
    const picture = await decodeBands(await entry.bytes(), key, options.bands ?? 'rgb');
    if (picture.ownRange) {
      throw new BadInput(
        `${key} has values that only a stretch of its own would make visible, so tiles could not be compared; ` +
          'convert all to 8 bits in one way.',
      );
    }
    if (i > 0 && scale === undefined && !(picture.width === size && picture.height === size)) {
      const [first, odd] = [`${size}×${size}`, `${picture.width}×${picture.height}`];
      throw new BadInput(
        `${key} is ${odd} while ${pictures[0].key} is ${first}; all tiles must have one size, or be scaled to one on request: with --scale on the command line, with “Scale to” on the page.`,
      );
    }
    const side = sizeOf(picture, key, scale, resize);
    if (picture.width !== picture.height) oblong++;
    if (i === 0) {
      size = scale ?? side;
      const metres = picture.georeference && metresPerPixel(picture.georeference);
      kind = {
        channels: picture.channels ?? 3,
        bands: picture.bands,
        ...(metres && { metres: (metres * side) / size }),
      };
      if (count * size * size * kind.channels > MAX_DATASET_BYTES) {
        throw new BadInput(
          `${name} holds ${count} tiles of ${size}×${size}, more than fits; give smaller or fewer tiles.`,
        );
      }
      await options.onShape?.({ count, size, channels: kind.channels });
      pixels = new Uint8Array(count * size * size * kind.channels);
    }
    if (picture.bands?.of !== kind.bands?.of) {
      throw new BadInput(
        `${key} has ${picture.bands?.of} bands while ${pictures[0].key} has ${kind.bands?.of}; all tiles must have the same.`,
      );
    }
    const own = resizeSquare(picture, size, resize ?? 'crop');
    pixels.set(own, i * size * size * kind.channels);
    seen.add(picture, side);
    options.onProgress?.({ done: i + 1, total: count });
  }

  const reshaped =
    oblong > 0 && resize ? [`${oblong} of ${count} pictures are not square: ${RESIZE_WORDS[resize]}.`] : [];
  for (const said of [...notes, note ?? [], ...reshaped, ...seen.sentences(size)].flat())
    options.onNote?.(said);
  const keys = pictures.map(({ key }) => key);
  const title = eurosatTitle({ classes, size, keys }) ?? name;
  const tiles = { classes, size, ...kind, count, pixels, labels, keys };
  return { name, title, synthetic: false, ...tiles, ...partsBeside(keys, parts) };
}

/** A listing as an array. */
export async function collect(entries: Entries, signal?: AbortSignal): Promise<Entry[]> {
  const list: Entry[] = [];
  for await (const entry of entries) {
    signal?.throwIfAborted();
    list.push(entry);
  }
  return list;
}

/** A file that more than one reader may look at. */
function readOnce(entry: Entry): Entry {
  let read: Promise<Uint8Array> | undefined;
  const bytes = () => {
    read ??= entry.bytes();
    return read;
  };
  return { ...entry, bytes };
}

/**
 * The side of the square that becomes a tile: of one that is not square the shorter side where its middle is taken, else the
 * longer. Throws `BadInput` where it is not square and nobody said how it becomes so, or odd and to stay so.
 */
function sizeOf(
  { width, height }: Picture,
  key: string,
  scale: number | undefined,
  resize: Resize | undefined,
): number {
  if (width !== height && !resize)
    throw new BadInput(
      `${key} is ${width}×${height}; tiles must be square. Cut it to a square, leave it out, or have all scaled and say how: with --scale and --resize on the command line, with “Scale to” on the page.`,
    );
  if (width % 2 !== 0 && scale === undefined)
    throw new BadInput(`${key} is ${width}×${height}; the side of a tile must be even.`);
  return resize === 'crop' ? Math.min(width, height) : Math.max(width, height);
}
