/** A picture of any size as one square tile, in one of three ways that a person can be told of. */
import { channelsOf, type Pixels, type Size, sampleRectangle } from './cut';

/**
 * `crop`: the middle square, scaled; what lies beside it is lost. `fit`: all of the picture, scaled as it is, between black
 * bars. `stretch`: all of it, as wide as high. A square picture becomes the same tile in each way.
 */
export const RESIZES = ['crop', 'fit', 'stretch'] as const;
export type Resize = (typeof RESIZES)[number];

/** Each in words, to follow "Pictures that are not square: ". */
export const RESIZE_WORDS: Readonly<Record<Resize, string>> = {
  crop: 'the middle square is taken, and what lies beside it is left out',
  fit: 'all of it is shown, with black bars beside it',
  stretch: 'all of it is shown, pulled out of shape to a square',
};

/** A picture as size × size × channels bytes; its own bytes where it has that size already. */
export function resizeSquare(picture: Pixels, size: number, how: Resize): Uint8Array {
  const { width, height } = picture;
  if (width === size && height === size) return picture.data;
  const [whole, square] = [
    { left: 0, top: 0, width, height },
    { width: size, height: size },
  ];
  if (how === 'stretch' || width === height) return sampleRectangle(picture, whole, square);
  if (how === 'crop') {
    const side = Math.min(width, height);
    const left = Math.floor((width - side) / 2);
    const top = Math.floor((height - side) / 2);
    return sampleRectangle(picture, { left, top, width: side, height: side }, square);
  }
  const inner = fittedSize(picture, size);
  const part = sampleRectangle(picture, whole, inner);
  return framed(part, inner, size, channelsOf(picture));
}

/** What a picture becomes whose longer side is scaled to `size`: at least one pixel each way. */
export function fittedSize({ width, height }: Size, size: number): Size {
  const longest = Math.max(width, height);
  const scaled = (side: number) => Math.max(1, Math.round((side * size) / longest));
  return { width: scaled(width), height: scaled(height) };
}

/** Pixels in the middle of a black square. */
function framed(pixels: Uint8Array, { width, height }: Size, size: number, channels: number): Uint8Array {
  const out = new Uint8Array(size * size * channels);
  const left = Math.floor((size - width) / 2);
  const top = Math.floor((size - height) / 2);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width * channels, (y + 1) * width * channels);
    out.set(row, ((top + y) * size + left) * channels);
  }
  return out;
}
