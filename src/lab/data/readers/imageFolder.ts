/** Reads a folder of pictures, one subfolder per class, from any source of entries. */

import { BadInput } from '../../errors';
import { decodeBands } from '../../pictures/decode/decode';
import { metresPerPixel } from '../../pictures/ground';
import type { Picture } from '../../pictures/picture';
import type { Channels } from '../bands';
import type { Dataset } from '../dataset';
import type { Entries, Entry, ReadOptions } from './entry';
import { eurosatTitle } from './eurosat';
import { folderLayout } from './layout';

/** All tiles live in one array. */
export const MAX_DATASET_BYTES = 2 ** 31 - 1;

/**
 * Decodes every picture, one after the other in the order of their paths (so the same tiles give the same
 * data set from a zip, a folder or a drop), holding one compressed file at a time.
 *
 * @returns count × size × size × channels pixels: red, green and blue, or the bands that were asked for; titled EuroSAT when the ten classes are EuroSAT's.
 * @throws BadInput when the layout is wrong (see folderLayout), a picture cannot be decoded, is not square,
 * has an odd size, another size than the first, or values of a range of its own; the signal's reason when aborted.
 */
export async function readImageFolder(
  name: string,
  entries: Entries,
  options: ReadOptions = {},
): Promise<Dataset> {
  const { classes, pictures } = folderLayout(await collect(entries, options.signal), name);
  const count = pictures.length;
  const labels = Uint8Array.from(pictures, ({ label }) => label);
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
    if (i === 0) {
      size = sizeOf(picture, key);
      const metres = picture.georeference && metresPerPixel(picture.georeference);
      kind = { channels: picture.channels ?? 3, bands: picture.bands, ...(metres && { metres }) };
      if (count * size * size * kind.channels > MAX_DATASET_BYTES) {
        throw new BadInput(
          `${name} holds ${count} tiles of ${size}×${size}, more than fits; give smaller or fewer tiles.`,
        );
      }
      await options.onShape?.({ count, size, channels: kind.channels });
      pixels = new Uint8Array(count * size * size * kind.channels);
    }
    if (picture.width !== size || picture.height !== size) {
      const [first, odd] = [`${size}×${size}`, `${picture.width}×${picture.height}`];
      throw new BadInput(
        `${key} is ${odd} while ${pictures[0].key} is ${first}; all tiles must have one size.`,
      );
    }
    if (picture.bands?.of !== kind.bands?.of) {
      throw new BadInput(
        `${key} has ${picture.bands?.of} bands while ${pictures[0].key} has ${kind.bands?.of}; all tiles must have the same.`,
      );
    }
    pixels.set(picture.data, i * size * size * kind.channels);
    options.onProgress?.({ done: i + 1, total: count });
  }

  const title = eurosatTitle(classes, count) ?? name;
  const keys = pictures.map(({ key }) => key);
  return { name, title, synthetic: false, classes, size, ...kind, count, pixels, labels, keys };
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

function sizeOf({ width, height }: Picture, key: string): number {
  if (width !== height) throw new BadInput(`${key} is ${width}×${height}; tiles must be square.`);
  if (width % 2 !== 0) throw new BadInput(`${key} is ${width}×${height}; the side of a tile must be even.`);
  return width;
}
