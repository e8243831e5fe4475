/** A picture as the lab has it, how large one may be, and what is said of a broken one. */
import { BadInput } from '../errors';
import type { Georeference } from './georeference';

/** A decoded picture: height × width × 3 bytes, red, green, blue. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  /** 1 for each pixel that has no value (no-data, a mask, fully transparent); absent where all have one. */
  readonly empty?: Uint8Array;
  /** What was done to make three bytes of each pixel, as sentences without a full stop; mostly nothing. */
  readonly notes: readonly string[];
  /** True where values were stretched by this picture's own range: not comparable between pictures. */
  readonly ownRange: boolean;
  /** Where on the earth it lies, where the file says so. */
  readonly georeference: Georeference | null;
  /** What of its place could not be kept, or is not known, as sentences without a full stop; mostly not there. */
  readonly placeNotes?: readonly string[];
}

/** The largest JPEG, PNG or WebP taken, in bytes. */
export const MAX_PICTURE_BYTES = 32 * 2 ** 20;
/** The largest TIFF taken, in bytes: it may hold many bands, uncompressed. */
export const MAX_TIFF_BYTES = 256 * 2 ** 20;
/** The largest picture decoded, in pixels (RGBA of this size takes 64 MiB). */
export const MAX_PICTURE_PIXELS = 4096 * 4096;

/** Refuses what would take too much memory once decoded. */
export function checkSize({ width, height }: { width: number; height: number }, name: string): void {
  if (width * height > MAX_PICTURE_PIXELS) {
    throw new BadInput(
      `${name} is ${width}×${height}; cut it into pictures of ${MAX_PICTURE_PIXELS} pixels at most.`,
    );
  }
  if (width * height === 0) throw new BadInput(`${name} is ${width}×${height}: it has no pixels.`);
}

/** What to say of a picture that is broken; `why` where that is known. */
export function damaged(name: string, why = ''): BadInput {
  return new BadInput(
    `${name} is truncated or damaged${why && ` (${why})`}; replace the file or leave it out.`,
  );
}
