/** The bands of a data set: chosen for a network to be trained, or those that a trained one reads. */
import { BadInput } from '../errors';
import { type Bands, type BandWish, bandWords, numbersOf } from '../pictures/bands';
import type { Dataset } from './dataset';
import { tileLength } from './tiles';

/** What the channels of tiles are. */
export type Channels = Pick<Dataset, 'channels' | 'bands'>;

/**
 * What tiles of a set look like once the bands are chosen. `rgb` is what any picture of colours has, so that such a network
 * reads these too.
 *
 * @throws BadInput where the set does not have them.
 */
export function chosenChannels(
  { channels, bands, title }: Channels & Pick<Dataset, 'title'>,
  wish: BandWish | undefined,
): Channels {
  if (wish === undefined || (!bands && wish === 'rgb' && channels === 3)) return { channels, bands };
  if (!bands) {
    const kept = channels === 1 ? 'grey tiles' : 'red, green and blue alone';
    throw new BadInput(
      `${title} holds ${kept}, so no bands can be chosen: import its files again with the bands that are wanted, or ` +
        'leave the choice out.',
    );
  }
  const numbers = wish === 'all' ? bands.numbers : numbersOf(wish, bands.of, title);
  placesOf(numbers, bands, title);
  return wish === 'rgb'
    ? { channels: 3, bands: undefined }
    : { channels: numbers.length, bands: { of: bands.of, numbers } };
}

/** The data set with the bands chosen (see `chosenChannels`); itself where nothing changes. */
export function chooseBands(dataset: Dataset, wish: BandWish | undefined): Dataset {
  return toChannels(dataset, chosenChannels(dataset, wish));
}

/**
 * The data set as a network with this input reads it.
 *
 * @throws BadInput where it does not have what the network reads.
 */
export function bandsFor(dataset: Dataset, input: Channels): Dataset {
  requireChannels(dataset, input);
  return toChannels(dataset, input);
}

/** Throws `BadInput` where a set does not have what a network with this input reads. */
export function requireChannels(dataset: Channels & Pick<Dataset, 'title'>, input: Channels): void {
  const { channels, bands, title } = dataset;
  if (!bands && !input.bands) {
    if (channels === input.channels) return;
    throw new BadInput(
      `The network reads pictures of ${input.channels} channels, but the data has ${channels}: ` +
        'give it data of the kind it was trained on.',
    );
  }
  if (input.bands && bands?.of !== input.bands.of) {
    throw new BadInput(
      `The network reads bands ${bandWords(input.bands)}, but ${title} ${bands ? `has files of ${bands.of} bands` : 'holds colours alone'}: ` +
        'give it data of the kind it was trained on.',
    );
  }
  if (!input.bands && input.channels !== 3) {
    throw new BadInput(
      `The network reads pictures of ${input.channels} channels, but ${title} has bands ${bandWords(bands!)}: ` +
        'give it data of the kind it was trained on.',
    );
  }
  placesOf(input.bands?.numbers ?? numbersOf('rgb', bands!.of, title), bands!, title);
}

function toChannels(dataset: Dataset, wanted: Channels): Dataset {
  const { bands, title, size, channels } = dataset;
  if (!bands) return dataset;
  const numbers = wanted.bands?.numbers ?? numbersOf('rgb', bands.of, title);
  if (wanted.bands && numbers.join() === bands.numbers.join()) return dataset;
  const places = placesOf(numbers, bands, title);
  const pixels = takeChannels(dataset.pixels, channels, places);
  if (pixels.length !== dataset.count * tileLength({ size, channels: places.length }))
    throw new RangeError('tiles of another length than they say');
  return { ...dataset, channels: places.length, bands: wanted.bands, pixels };
}

/** Where bands stand among the channels. Throws `BadInput` for one that the set does not hold. */
function placesOf(numbers: readonly number[], bands: Bands, title: string): number[] {
  return numbers.map((number) => {
    const place = bands.numbers.indexOf(number);
    if (place >= 0) return place;
    throw new BadInput(
      `${title} holds bands ${bandWords(bands)}, and not band ${number}: import its files again with it, or choose others.`,
    );
  });
}

/** Some of the channels of pixels, in this order. */
export function takeChannels(pixels: Uint8Array, channels: number, places: readonly number[]): Uint8Array {
  const count = pixels.length / channels;
  const out = new Uint8Array(count * places.length);
  for (let p = 0, at = 0; p < count; p++) {
    for (const place of places) out[at++] = pixels[p * channels + place];
  }
  return out;
}
