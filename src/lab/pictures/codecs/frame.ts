/**
 * Reads a picture's outline without decoding it: its size (so that a small file cannot ask for gigabytes)
 * and whether it is whole.
 */

import { crc32 } from './crc32';

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** True where each value has 16 bits. */
  readonly deep?: boolean;
  /** What it is and what to do about it, where no codec reads it. */
  readonly refused?: string;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/**
 * Width and height of a JPEG; undefined when its header is broken. Walks the segments up to the first scan;
 * whether the scans are whole is left to the codec.
 */
export function jpegFrame(bytes: Uint8Array): Frame | undefined {
  const u16 = (at: number) => bytes[at] * 256 + bytes[at + 1];
  let at = 0;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    if (marker === EOI || marker === SOS) return undefined; // A scan before any frame header.
    if (marker === 0xff || marker === SOI) {
      at += marker === 0xff ? 1 : 2; // A fill byte, or a marker without a segment.
      continue;
    }
    if (at + 9 > bytes.length) return undefined;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const size = { height: u16(at + 5), width: u16(at + 7) };
      if (bytes[at + 9] === 4) return { ...size, refused: 'a CMYK picture; convert it to RGB.' };
      const scans = scansOf(bytes, at);
      const isTooMany = scans > MAX_SCANS;
      return isTooMany ? { ...size, refused: `a JPEG of ${scans} scans; save it anew.` } : size;
    }
    at += 2 + u16(at + 2);
  }
  return undefined;
}

/** Progressive pictures have about ten; each costs a pass over all pixels, however few its bytes. */
const MAX_SCANS = 100;

/** Scans from a position on. Data never holds 0xff before anything but 0 or a restart, so each match is a marker. */
function scansOf(bytes: Uint8Array, from: number): number {
  let count = 0;
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === SOS) count++;
  }
  return count;
}

/** Width and height of a PNG; undefined when a chunk is missing, cut off, or its checksum is wrong. */
export function pngFrame(bytes: Uint8Array): Frame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let frame: Frame | undefined;
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) return undefined;
    if (view.getUint32(end - 4) !== crc32(bytes.subarray(at + 4, end - 4))) return undefined;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IHDR' && length === 13)
      frame = {
        width: view.getUint32(at + 8),
        height: view.getUint32(at + 12),
        deep: bytes[at + 16] === 16,
      };
    if (type === 'IEND') return frame;
    at = end;
  }
  return undefined;
}

/** Width and height of a WebP; undefined when it is cut off or its header is broken. */
export function webpFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < 30) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(4, true) + 8 > bytes.length) return undefined;
  const u24 = (at: number) => view.getUint16(at, true) + 65536 * bytes[at + 2];
  const type = String.fromCharCode(...bytes.subarray(12, 16));
  if (type === 'VP8X') {
    const size = { width: u24(24) + 1, height: u24(27) + 1 };
    const isAnimated = (bytes[20] & 2) !== 0;
    return isAnimated ? { ...size, refused: 'an animated WebP; give one of its frames.' } : size;
  }
  if (type === 'VP8L' && bytes[20] === 0x2f) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (type === 'VP8 ')
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  return undefined;
}
