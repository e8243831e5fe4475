/**
 * The one picture decoder of page and command line: what a file is, is told from its bytes, and the same codecs
 * give the same pixels everywhere.
 *
 * A codec is lenient where a data set must not be: mozjpeg paints the missing part of a truncated file grey, the png
 * crate does not check sums. So a picture's frame is read first (see frame.ts), and every warning of mozjpeg is an
 * error here.
 */

import { BadInput } from '../../errors';
import { jpegPixels, pngPixels, webpPixels } from '../codecs/codecs';
import { jpegFrame, pngFrame, webpFrame } from '../codecs/frame';
import { checkSize, damaged, MAX_PICTURE_BYTES, MAX_TIFF_BYTES, type Picture } from '../picture';
import { otherKind, type PictureKind, pictureKind } from './kind';

export { setDecoderModules } from '../codecs/codecs';

/**
 * Decodes a JPEG, PNG, WebP or TIFF, told apart by their first bytes; transparency is dropped, and EXIF orientation
 * ignored on purpose (a tile has no upright).
 *
 * @param name what to call the file in an error.
 * @throws BadInput when the bytes are none of these, of a kind not read (CMYK, animated WebP), too large, truncated
 * or damaged.
 */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Picture> {
  const kind = pictureKind(bytes);
  if (!kind) throw unknownKind(bytes, name);
  const limit = kind === 'tiff' ? MAX_TIFF_BYTES : MAX_PICTURE_BYTES;
  if (bytes.length > limit) {
    throw new BadInput(
      `${name} has ${bytes.length} bytes; a picture of its kind may have ${limit} at most. Cut it into parts.`,
    );
  }
  if (kind === 'tiff') {
    // The TIFF reader is large, and most pictures are none.
    const { decodeTiff } = await import('../tiff/tiff');
    return decodeTiff(bytes, name);
  }

  const frame = FRAMES[kind](bytes);
  if (!frame) throw damaged(name);
  checkSize(frame, name);
  if (frame.refused) throw new BadInput(`${name} is ${frame.refused}`);
  const rgba = await CODECS[kind](bytes);
  if (!rgba || rgba.width !== frame.width || rgba.height !== frame.height) throw damaged(name);
  const { rgb, isOpaque } = withoutAlpha(rgba.data);
  const notes = isOpaque ? [] : ['transparency was dropped'];
  if (frame.deep) notes.push('of 16 bits per value the upper 8 were kept');
  const { width, height } = frame;
  return { width, height, data: rgb, notes, ownRange: false, georeference: null };
}

const FRAMES = { jpeg: jpegFrame, png: pngFrame, webp: webpFrame } as const;
const CODECS = { jpeg: jpegPixels, png: pngPixels, webp: webpPixels } as const satisfies Record<
  Exclude<PictureKind, 'tiff'>,
  unknown
>;

function withoutAlpha(rgba: Uint8ClampedArray): { rgb: Uint8Array; isOpaque: boolean } {
  const count = rgba.length / 4;
  const rgb = new Uint8Array(count * 3);
  let isOpaque = true;
  for (let i = 0; i < count; i++) {
    rgb[3 * i] = rgba[4 * i];
    rgb[3 * i + 1] = rgba[4 * i + 1];
    rgb[3 * i + 2] = rgba[4 * i + 2];
    if (rgba[4 * i + 3] !== 255) isOpaque = false;
  }
  return { rgb, isOpaque };
}

function unknownKind(bytes: Uint8Array, name: string): BadInput {
  if (bytes.length === 0) return new BadInput(`${name} is empty; replace the file or leave it out.`);
  const other = otherKind(bytes);
  return new BadInput(
    other
      ? `${name} is ${other}, which the lab does not read; convert it to PNG or GeoTIFF, or leave it out.`
      : `${name} is no JPEG, PNG, WebP or TIFF picture; convert it or leave it out.`,
  );
}
