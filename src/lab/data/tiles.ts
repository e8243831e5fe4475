/** Pure helpers on a data set's tiles. */

import { BadInput } from '../errors';
import type { Dataset } from './dataset';

/** Whether two sets tell the same classes apart, whichever spelling their letters with accents have. */
export function sameClasses(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name.normalize('NFC') === b[i].normalize('NFC'));
}

/** Number of values of one tile: size × size × channels. */
export function tileLength({ size, channels }: Pick<Dataset, 'size' | 'channels'>): number {
  return size * size * channels;
}

/** The values of one tile: a view of the set's own. */
export function pixelsOf(tiles: Pick<Dataset, 'size' | 'channels' | 'pixels'>, index: number): Uint8Array {
  const length = tileLength(tiles);
  return tiles.pixels.subarray(index * length, (index + 1) * length);
}

/** Number of tiles of each class, in the order of `classes`; of the whole set or of `indices`. */
export function classCounts(dataset: Dataset, indices?: ArrayLike<number>): number[] {
  const counts = new Array<number>(dataset.classes.length).fill(0);
  const n = indices?.length ?? dataset.count;
  for (let i = 0; i < n; i++) counts[dataset.labels[indices ? indices[i] : i]]++;
  return counts;
}

/** The tiles at `indices`, in that order, as a data set of their own with the same name, title and classes. */
export function subset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const length = tileLength(dataset);
  const list = Array.from(indices);
  const pixels = new Uint8Array(list.length * length);
  for (const [i, index] of list.entries()) {
    if (!(index >= 0 && index < dataset.count)) throw new RangeError(`tile ${index} of ${dataset.count}`);
    pixels.set(pixelsOf(dataset, index), i * length);
  }
  const labels = Uint8Array.from(list, (index) => dataset.labels[index]);
  const keys = list.map((index) => dataset.keys[index]);
  const parts = dataset.parts && { parts: Uint8Array.from(list, (index) => dataset.parts![index]) };
  return { ...dataset, count: list.length, pixels, labels, keys, ...parts };
}

/**
 * The data set with smaller tiles: each value is the mean of a block of k × k, k = dataset.size / size,
 * rounded half up. Integer arithmetic on whole blocks, so it commutes exactly with turns and mirrors.
 *
 * @throws BadInput when the present size is no multiple of `size`.
 */
export function shrinkTiles(dataset: Dataset, size: number): Dataset {
  if (size === dataset.size) return dataset;
  if (!Number.isInteger(size) || size < 1 || dataset.size % size !== 0) {
    throw new BadInput(
      `${dataset.title} has tiles of ${dataset.size}×${dataset.size}, which do not shrink evenly to ${size}×${size}.`,
    );
  }
  const pixels = boxAverage(
    dataset.pixels,
    dataset.count * dataset.size,
    dataset.size,
    dataset.channels,
    dataset.size / size,
  );
  return { ...dataset, size, pixels };
}

/**
 * The data set with larger tiles: a border of zeros all round, as wide on each side.
 *
 * @throws BadInput when the border would not be even, or negative.
 */
export function padTiles(dataset: Dataset, size: number): Dataset {
  const border = (size - dataset.size) / 2;
  if (!Number.isInteger(border) || border < 0) {
    throw new BadInput(
      `${dataset.title} has tiles of ${dataset.size}×${dataset.size}, which cannot be padded evenly to ${size}×${size}.`,
    );
  }
  const row = dataset.size * dataset.channels;
  const pixels = new Uint8Array(dataset.count * size * size * dataset.channels);
  for (let tile = 0; tile < dataset.count; tile++) {
    for (let y = 0; y < dataset.size; y++) {
      const from = (tile * dataset.size + y) * row;
      const to = ((tile * size + y + border) * size + border) * dataset.channels;
      pixels.set(dataset.pixels.subarray(from, from + row), to);
    }
  }
  return { ...dataset, size, pixels };
}

/** Means of k × k blocks of a rows × columns × channels array (both sides multiples of k), rounded half up. */
export function boxAverage(
  pixels: Uint8Array,
  rows: number,
  columns: number,
  channels: number,
  k: number,
): Uint8Array {
  const stride = columns * channels;
  const out = new Uint8Array((rows / k) * (columns / k) * channels);
  let at = 0;
  for (let y = 0; y < rows; y += k) {
    for (let x = 0; x < columns; x += k) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let dy = 0; dy < k; dy++) {
          for (let dx = 0; dx < k; dx++) sum += pixels[(y + dy) * stride + (x + dx) * channels + c];
        }
        out[at++] = Math.floor((2 * sum + k * k) / (2 * k * k));
      }
    }
  }
  return out;
}

/** Mean and (population) standard deviation per channel. */
export interface ChannelStatistics {
  readonly mean: number[];
  readonly std: number[];
}

/**
 * Mean and standard deviation of pixel / 255 over the tiles at `indices`, per channel. Sums are exact
 * integers, so the result does not depend on the order of the tiles.
 */
export function channelStatistics(dataset: Dataset, indices: ArrayLike<number>): ChannelStatistics {
  const { channels, pixels } = dataset;
  const length = tileLength(dataset);
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i] * length;
    for (let at = 0; at < length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const value = pixels[start + at + c];
        sum[c] += value;
        squares[c] += value * value;
      }
    }
  }
  const n = (indices.length * length) / channels;
  const mean = Array.from(sum, (s) => s / n / 255);
  const std = Array.from(
    squares,
    (q, c) => Math.sqrt(Math.max(0, q / n - (sum[c] / n) * (sum[c] / n))) / 255,
  );
  return { mean, std };
}

/**
 * What a network takes off its pictures and divides them by. A channel that never varies has no deviation to be divided by:
 * 1 stands there, and the channel is nothing but zeros then.
 */
export function normalisationOf(dataset: Dataset, indices: ArrayLike<number>): ChannelStatistics {
  const { mean, std } = channelStatistics(dataset, indices);
  return { mean, std: std.map((deviation) => (deviation > 0 ? deviation : 1)) };
}

/**
 * 16 hex digits that stand for what a net could see: pixels, labels, size and classes (not names or keys), and the
 * parts that the set itself names: what is trained on is another set where other tiles may teach.
 * Two lanes of 32-bit FNV-1a with different starting points; for telling data sets apart, not for security.
 */
export function datasetHash(
  dataset: Pick<Dataset, 'size' | 'channels' | 'classes' | 'labels' | 'pixels' | 'parts'>,
): string {
  const { size, channels, classes, labels, pixels, parts } = dataset;
  return hashOf([
    bytesOf([size, channels, classes, labels.length]),
    labels,
    pixels,
    ...(parts ? [parts] : []),
  ]);
}

/** The same kind of hash of the keys of some tiles, in order: equal hashes, equal lists. */
export function keysHash(dataset: Pick<Dataset, 'keys'>, indices: Uint32Array): string {
  return hashOf([bytesOf(Array.from(indices, (tile) => dataset.keys[tile]))]);
}

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function hashOf(parts: readonly Uint8Array[]): string {
  return [0x811c9dc5, 0x9e3779b9]
    .map((start) => parts.reduce(fnv1a, start))
    .map((lane) => lane.toString(16).padStart(8, '0'))
    .join('');
}

function fnv1a(state: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) state = Math.imul(state ^ bytes[i], 0x01000193);
  return state >>> 0;
}
