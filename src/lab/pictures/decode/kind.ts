/** What a file is, by its first bytes: names and endings lie. */

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'tiff';

/** The kind of picture the first bytes announce. */
export function pictureKind(bytes: Uint8Array): PictureKind | undefined {
  const has = (at: number, ...magic: number[]) => magic.every((byte, i) => bytes[at + i] === byte);
  if (has(0, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (has(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return 'webp';
  // Classic TIFF has version 42, BigTIFF 43, in the byte order named first.
  if (has(0, 0x49, 0x49) && (bytes[2] === 42 || bytes[2] === 43) && bytes[3] === 0) return 'tiff';
  if (has(0, 0x4d, 0x4d, 0) && (bytes[3] === 42 || bytes[3] === 43)) return 'tiff';
  return undefined;
}

/** True when the bytes begin like a zip (also an empty one). */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2] + 1;
}

const OTHERS: readonly { readonly at: number; readonly magic: string; readonly is: string }[] = [
  { at: 0, magic: 'GIF8', is: 'a GIF picture' },
  { at: 0, magic: 'BM', is: 'a BMP picture' },
  { at: 0, magic: '\0\0\0\fjP  ', is: 'a JPEG 2000 picture' },
  { at: 0, magic: '\xff\x4f\xff\x51', is: 'a JPEG 2000 picture' },
  { at: 4, magic: 'ftypavi', is: 'an AVIF picture' },
  { at: 4, magic: 'ftyphei', is: 'a HEIC picture' },
  { at: 4, magic: 'ftypmif', is: 'a HEIC picture' },
  { at: 0, magic: '\x93NUMPY', is: 'a NumPy array' },
  { at: 0, magic: '\x89HDF', is: 'an HDF5 or NetCDF file' },
  { at: 0, magic: 'CDF', is: 'a NetCDF file' },
  { at: 0, magic: '%PDF', is: 'a PDF' },
  { at: 0, magic: '<svg', is: 'an SVG drawing' },
  { at: 0, magic: 'PK\x03\x04', is: 'a zip' },
  { at: 0, magic: '\x1f\x8b', is: 'a gzip file' },
];

/** A known kind of file that is no picture the lab reads, in words. */
export function otherKind(bytes: Uint8Array): string | undefined {
  return OTHERS.find(({ at, magic }) => text(bytes, at, magic.length) === magic)?.is;
}

/** `length` bytes as Latin-1. */
function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
