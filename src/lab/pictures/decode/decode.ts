/**
 * The one picture decoder of page and command line: what a file is, is told from its bytes, and the same codecs
 * give the same pixels everywhere.
 *
 * A codec is lenient where a data set must not be: mozjpeg paints the missing part of a truncated file grey, the png
 * crate does not check sums. So a picture's frame is read first (see frame.ts), and every warning of mozjpeg is an
 * error here.
 */

import { BadInput } from '../../errors';
import type { Bands, BandWish } from '../bands';
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
  checkLength(bytes, kind, name);
  if (kind === 'tiff') {
    // The TIFF reader is large, and most pictures are none.
    const { decodeTiff } = await import('../tiff/tiff');
    return decodeTiff(bytes, name);
  }

  return decodeColours(kind, bytes, name);
}

/**
 * The bands of a TIFF that are wished for. Of pictures of other kinds, the colours are all that can be.
 *
 * @throws BadInput as `decodePicture` does, and where the file does not have these bands.
 */
export async function decodeBands(bytes: Uint8Array, name: string, wish: BandWish): Promise<DecodedBands> {
  if (wish === 'rgb') return decodePicture(bytes, name);
  const { decodeTiffBands } = await tiffBands(bytes, name);
  return decodeTiffBands(bytes, name, wish);
}

/** What a network with this input reads of a picture. Throws `BadInput` as above, and where a file has other bands. */
export async function decodeFor(
  { bands }: { readonly bands?: Bands | undefined },
  bytes: Uint8Array,
  name: string,
): Promise<DecodedBands> {
  if (!bands) return decodePicture(bytes, name);
  const { decodeTiffBands } = await tiffBands(bytes, name);
  return decodeTiffBands(bytes, name, bands.numbers, bands);
}

export type DecodedBands = Picture & { readonly channels?: number; readonly bands?: Bands };

async function tiffBands(bytes: Uint8Array, name: string) {
  const kind = pictureKind(bytes);
  if (!kind) throw unknownKind(bytes, name);
  if (kind !== 'tiff') throw new BadInput(`${name} is no TIFF, so it has no bands but its colours.`);
  checkLength(bytes, kind, name);
  return import('../tiff/bandTiff');
}

async function decodeColours(
  kind: Exclude<PictureKind, 'tiff'>,
  bytes: Uint8Array,
  name: string,
): Promise<Picture> {
  const frame = FRAMES[kind](bytes);
  if (!frame) throw damaged(name);
  checkSize(frame, name);
  if (frame.refused) throw new BadInput(`${name} is ${frame.refused}`);
  const rgba = await CODECS[kind](bytes);
  if (!rgba || rgba.width !== frame.width || rgba.height !== frame.height) throw damaged(name);
  const { rgb, isOpaque, empty } = withoutAlpha(rgba.data);
  const notes = isOpaque ? [] : ['transparency was dropped'];
  if (frame.deep) notes.push('of 16 bits per value the upper 8 were kept');
  const { width, height } = frame;
  return { width, height, data: rgb, ...(empty && { empty }), notes, ownRange: false, georeference: null };
}

function checkLength({ length }: Uint8Array, kind: PictureKind, name: string): void {
  const limit = kind === 'tiff' ? MAX_TIFF_BYTES : MAX_PICTURE_BYTES;
  if (length <= limit) return;
  throw new BadInput(
    `${name} has ${length} bytes; a picture of its kind may have ${limit} at most. Cut it into parts.`,
  );
}

const FRAMES = { jpeg: jpegFrame, png: pngFrame, webp: webpFrame } as const;
const CODECS = { jpeg: jpegPixels, png: pngPixels, webp: webpPixels } as const satisfies Record<
  Exclude<PictureKind, 'tiff'>,
  unknown
>;

/** `empty`: the pixels that are wholly transparent, where there are any. */
function withoutAlpha(rgba: Uint8ClampedArray): { rgb: Uint8Array; isOpaque: boolean; empty?: Uint8Array } {
  const count = rgba.length / 4;
  const rgb = new Uint8Array(count * 3);
  let isOpaque = true;
  let empty: Uint8Array | undefined;
  for (let i = 0; i < count; i++) {
    rgb[3 * i] = rgba[4 * i];
    rgb[3 * i + 1] = rgba[4 * i + 1];
    rgb[3 * i + 2] = rgba[4 * i + 2];
    if (rgba[4 * i + 3] !== 255) isOpaque = false;
    if (rgba[4 * i + 3] === 0) {
      empty ??= new Uint8Array(count);
      empty[i] = 1;
    }
  }
  return { rgb, isOpaque, ...(empty && { empty }) };
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
