/** Data that says nothing: a channel that never varies, tiles that are all the same picture. */
import type { Dataset } from './dataset';
import { tileLength } from './tiles';

type Pixels = Pick<Dataset, 'size' | 'channels' | 'pixels'>;

/** A channel with one value all over the tiles. */
export interface ConstantChannel {
  readonly channel: number;
  /** 0 … 255 */
  readonly value: number;
}

/** The channels that never vary over the tiles at `indices`. Looks no further than the first difference of each. */
export function constantChannels(dataset: Pixels, indices: ArrayLike<number>): ConstantChannel[] {
  if (indices.length === 0) return [];
  const { channels, pixels } = dataset;
  const length = tileLength(dataset);
  const found: ConstantChannel[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const value = pixels[indices[0] * length + channel];
    if (everyTile(indices, (tile) => holdsOnly(pixels, tile * length + channel, length, channels, value)))
      found.push({ channel, value });
  }
  return found;
}

/** Whether the tiles at `indices`, of which there are several, are all the same picture. */
export function areOnePicture(dataset: Pixels, indices: ArrayLike<number>): boolean {
  const length = tileLength(dataset);
  const { pixels } = dataset;
  const first = indices[0] * length;
  return (
    indices.length > 1 &&
    everyTile(indices, (tile) => {
      for (let i = 0; i < length; i++) if (pixels[tile * length + i] !== pixels[first + i]) return false;
      return true;
    })
  );
}

function everyTile(indices: ArrayLike<number>, holds: (tile: number) => boolean): boolean {
  for (let i = 0; i < indices.length; i++) if (!holds(indices[i])) return false;
  return true;
}

function holdsOnly(pixels: Uint8Array, from: number, length: number, step: number, value: number): boolean {
  for (let at = from; at < from + length; at += step) if (pixels[at] !== value) return false;
  return true;
}

/** A sentence for each channel that never varies. */
export function constantWords(dataset: Pixels, indices: ArrayLike<number>): string[] {
  return constantChannels(dataset, indices).map(
    ({ channel, value }) =>
      `${nameOf(channel, dataset.channels)} never varies: it is ${value} in every pixel of the training tiles. It tells ` +
      'nothing apart, so its mean is taken off and it is left at that; the network learns from the other channels.',
  );
}

function nameOf(channel: number, channels: number): string {
  return channels === 3
    ? `The ${['red', 'green', 'blue'][channel]} channel`
    : `Channel ${channel + 1} of ${channels}`;
}
