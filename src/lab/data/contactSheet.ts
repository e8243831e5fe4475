/** A few small tiles of each class, kept where the whole data set would be too much to load for a look. */
import { colourChannels } from '../pictures/bands';
import type { Channels } from './bands';
import type { Dataset } from './dataset';
import { classCounts, pixelsOf } from './tiles';

export interface ContactSheet {
  /** Side of a thumbnail, in pixels. */
  readonly side: number;
  /** Places per class; a class with fewer tiles leaves the last ones black. */
  readonly perClass: number;
  /** classes × perClass × side × side × 3, red, green, blue. */
  readonly pixels: Uint8Array;
}

const MAX_SIDE = 32;
const MAX_PER_CLASS = 8;
/** So that 256 classes take no more room than ten do. */
const MAX_THUMBNAILS = 256;

/** Which tiles of a class are shown, by their rank within it: evenly spread. */
export function shownRanks(tiles: number, perClass: number): number[] {
  const shown = Math.min(tiles, perClass);
  return Array.from({ length: shown }, (_, i) => Math.floor(((i + 0.5) * tiles) / shown));
}

/** Places per class on the sheet of so many classes. */
export function placesPerClass(classes: number): number {
  return Math.max(1, Math.min(MAX_PER_CLASS, Math.floor(MAX_THUMBNAILS / classes)));
}

/** The sheet of a data set. */
export function contactSheet(dataset: Dataset): ContactSheet {
  const counts = classCounts(dataset);
  const indices = counts.map((): number[] => []);
  for (const [i, label] of dataset.labels.entries()) indices[label].push(i);
  return sheetOfTiles(dataset.size, dataset, counts, (label, rank) => {
    return pixelsOf(dataset, indices[label][rank]);
  });
}

/** The sheet of tiles that are asked for one by one: `tileAt` gives size × size × channels bytes. */
export function sheetOfTiles(
  size: number,
  kind: Channels,
  counts: readonly number[],
  tileAt: (label: number, rank: number) => Uint8Array,
): ContactSheet {
  const perClass = placesPerClass(counts.length);
  const side = Math.floor(size / Math.ceil(size / MAX_SIDE));
  const length = side * side * 3;
  const pixels = new Uint8Array(counts.length * perClass * length);
  for (const [label, tiles] of counts.entries()) {
    for (const [place, rank] of shownRanks(tiles, perClass).entries()) {
      const small = thumbnail(tileAt(label, rank), size, kind, side);
      pixels.set(small, (label * perClass + place) * length);
    }
  }
  return { side, perClass, pixels };
}

/** Means of whole blocks (what is left over at the right and below is cut off), as red, green and blue. */
function thumbnail(tile: Uint8Array, size: number, kind: Channels, side: number): Uint8Array {
  const { channels } = kind;
  const colours = colourChannels(kind);
  const k = Math.ceil(size / MAX_SIDE);
  const out = new Uint8Array(side * side * 3);
  for (let at = 0; at < out.length; at++) {
    const channel = colours[at % 3];
    const pixel = Math.floor(at / 3);
    const [x, y] = [(pixel % side) * k, Math.floor(pixel / side) * k];
    let sum = 0;
    for (let dy = 0; dy < k; dy++) {
      for (let dx = 0; dx < k; dx++) sum += tile[((y + dy) * size + x + dx) * channels + channel];
    }
    out[at] = Math.round(sum / (k * k));
  }
  return out;
}
