/** A tile of each class of a data set kept in this browser, read out of its file without loading the rest. */

import { type PackedHeader, packedBodyStart, unpackHeader } from '../../lab/data/readers/packed';
import { colourChannels } from '../../lab/pictures/bands';
import type { Picture } from '../../lab/pictures/picture';
import { loadDatasetFile } from '../../storage/datasets';

/** Classes beyond these are left out. */
const MOST = 24;
/** Of a file's beginning, in bytes: says where the header ends. */
const PREAMBLE = 12;

/** Throws `BadInput` when the set is not there or cannot be read. */
export async function keptTiles(id: string): Promise<{ name: string; picture: Picture }[]> {
  const file = await loadDatasetFile(id);
  const bytesOf = async (from: number, to: number) =>
    new Uint8Array(await file.slice(from, to).arrayBuffer());
  const body = packedBodyStart(await bytesOf(0, PREAMBLE), id);
  const header = unpackHeader(await bytesOf(0, body), id);
  const { classes, size, channels, count, keys } = header;
  const labels = await bytesOf(body, body + count);
  const length = size * size * channels;
  const tiles = classes.slice(0, MOST).map(async (_, label) => {
    const index = middleOf(labels, label);
    if (index < 0) return null;
    const start = body + count + index * length;
    return { name: keys[index], picture: asPicture(await bytesOf(start, start + length), header) };
  });
  return (await Promise.all(tiles)).filter((tile) => tile !== null);
}

/** The index of the middle one of a class's tiles; −1 where it has none. */
function middleOf(labels: Uint8Array, label: number): number {
  const all = [...labels.keys()].filter((i) => labels[i] === label);
  return all[Math.floor(all.length / 2)] ?? -1;
}

/** Grey tiles in three equal colours; of bands, the colours. */
function asPicture(pixels: Uint8Array, header: PackedHeader): Picture {
  const { size, channels } = header;
  const places = colourChannels(header);
  const data = Uint8Array.from(
    { length: size * size * 3 },
    (_, i) => pixels[Math.floor(i / 3) * channels + places[i % 3]],
  );
  return { width: size, height: size, data, notes: [], ownRange: false, georeference: null };
}
