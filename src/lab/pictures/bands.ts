/**
 * Bands of pictures with more than three colours: which of a file's are taken, and how their values become bytes. That is
 * fixed, so that tiles, sets and scenes can be compared:
 *
 *   8 bits                    as they are
 *   12 or 13 bands, 16 bits   Sentinel-2, 10,000 times the reflectance: red, green and blue (bands 4, 3, 2) as EuroSAT's
 *                             pictures have them, the others by the square root of the reflectance from 0 to 1
 *
 * The root keeps steps small where values are (band 10 lies below 0.01), and nothing below a reflectance of 1 is cut off,
 * whichever band of whichever product it is: products differ in the order of the bands after the eighth.
 */

import { z } from 'zod';
import { BadInput } from '../errors';

/** As many as a network reads. */
export const MAX_CHANNELS = 16;

/** Bands as files number them, from 1. */
export const bandsSchema = z.object({
  of: z.int().min(1).max(64).describe('How many bands the files have, alpha not counted.'),
  numbers: z.array(z.int().min(1)).min(1).max(MAX_CHANNELS).describe('What each channel is.'),
});
export type Bands = Readonly<{ of: number; numbers: readonly number[] }>;

/** What is wished of the bands of a file or a set: its colours, all, or some by their numbers, in this order. */
export const bandWishSchema = z.union([
  z.enum(['rgb', 'all']),
  z.array(z.int().min(1).max(64)).min(1).max(MAX_CHANNELS),
]);
export type BandWish = 'rgb' | 'all' | readonly number[];

export const isSentinel2 = (of: number): boolean => of === 12 || of === 13;

/** The numbers of red, green and blue; null where there are none. */
export function rgbOf(of: number): readonly [number, number, number] | null {
  if (isSentinel2(of)) return [4, 3, 2];
  return of >= 3 ? [1, 2, 3] : null;
}

/**
 * The bands that a wish stands for among those of `files` with `of` bands.
 *
 * @throws BadInput where there is one it does not have, one twice, or too many.
 */
export function numbersOf(wish: BandWish, of: number, files: string): readonly number[] {
  if (wish === 'rgb') {
    const rgb = rgbOf(of);
    if (!rgb) throw new BadInput(`${files} has ${counted(of)}: no red, green and blue to choose.`);
    return rgb;
  }
  const numbers = wish === 'all' ? Array.from({ length: of }, (_, i) => i + 1) : wish;
  const absent = numbers.find((number) => number < 1 || number > of);
  if (absent !== undefined) {
    throw new BadInput(`${files} has ${counted(of)} and no band ${absent}: choose from 1 to ${of}.`);
  }
  const twice = numbers.find((number, i) => numbers.indexOf(number) < i);
  if (twice !== undefined) throw new BadInput(`Band ${twice} is chosen twice: name each band once.`);
  if (numbers.length > MAX_CHANNELS) {
    throw new BadInput(`${files} has ${counted(of)}; a network reads ${MAX_CHANNELS} at most: choose some.`);
  }
  return numbers;
}

/** "1, 2 and 8 of 13" */
export function bandWords({ of, numbers }: Bands): string {
  if (numbers.length === of && numbers.every((number, i) => number === i + 1)) return `all ${of}`;
  const last = numbers.at(-1);
  const others = numbers.slice(0, -1).join(', ');
  return `${others && `${others} and `}${last} of ${of}`;
}

/** Which channels show red, green and blue: of a picture of colours the first three, of grey and else what there is. */
export function colourChannels({
  channels,
  bands,
}: {
  readonly channels: number;
  readonly bands?: Bands | undefined;
}): readonly [number, number, number] {
  const found = bands && rgbOf(bands.of)?.map((number) => bands.numbers.indexOf(number));
  if (found && !found.includes(-1)) return found as [number, number, number];
  const most = channels - 1;
  // A list of bands without all colours is shown by its first three, like one of other kinds.
  return [0, Math.min(1, most), Math.min(2, most)];
}

/** How the values of a band become bytes; null where nothing fixed says so. */
export function byteOf(
  { of, bits }: { readonly of: number; readonly bits: number },
  number: number,
): ((value: number) => number) | null {
  if (bits === 8) return (value) => value;
  if (bits !== 16 || !isSentinel2(of)) return null;
  return rgbOf(of)!.includes(number) ? sentinel2Byte : rootByte;
}

/**
 * A Sentinel-2 Level-1C reflectance as the published EuroSAT RGB tiles show it (science §11):
 * clip(floor(1 + x·254/2750 + 0.5), 1, 255), with x = 10,000 times the reflectance. In whole numbers:
 * floor((1.5·2750 + 254·x) / 2750).
 */
export function sentinel2Byte(x: number): number {
  return Math.min(255, Math.max(1, Math.floor((4125 + 254 * x) / 2750)));
}

/** 10,000 times a reflectance as 1 … 255, by its square root, rounded half up. */
export function rootByte(x: number): number {
  return Math.min(255, Math.floor(1.5 + 254 * Math.sqrt(Math.min(x, 10_000) / 10_000)));
}

const counted = (bands: number): string => `${bands} ${bands === 1 ? 'band' : 'bands'}`;
