/**
 * The one picture decoder of page and command line. Canvas decoders differ between browsers, so both hosts
 * run the same WASM codecs (mozjpeg and the Rust png crate, from jSquash) and get the same bytes.
 *
 * A codec is lenient where a data set must not be: mozjpeg paints the missing part of a truncated file grey,
 * the png crate does not check sums. So a picture's frame is read first (see frame.ts), and every warning of
 * mozjpeg is an error here.
 */

import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';
import { BadInput } from '../errors';
import { type Frame, jpegFrame, pngFrame } from './frame';

/** A decoded picture: height × width × 3 bytes, red, green, blue. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface DecoderModules {
  readonly jpeg: WebAssembly.Module;
  readonly png: WebAssembly.Module;
}

/** The largest file taken for one picture, in bytes. */
export const MAX_PICTURE_BYTES = 32 * 2 ** 20;
/** The largest picture decoded, in pixels (RGBA of this size takes 64 MiB). */
export const MAX_PICTURE_PIXELS = 4096 * 4096;

let modules: DecoderModules | undefined;
let jpegReady: Promise<void> | undefined;
/** What mozjpeg wrote to its standard error during the current decode. */
const jpegWarnings: string[] = [];

/** Hands over the compiled codecs; the host calls it once, before the first picture. */
export function setDecoderModules(given: DecoderModules): void {
  modules = given;
  jpegReady = undefined;
}

/**
 * Decodes a JPEG or PNG, told apart by their first bytes; transparency is dropped, EXIF orientation ignored.
 *
 * @param name what to call the file in an error.
 * @throws BadInput when the bytes are neither, too large, truncated or damaged.
 */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Picture> {
  if (!modules) throw new Error('setDecoderModules() must be called before decodePicture()');
  if (bytes.length > MAX_PICTURE_BYTES) {
    throw new BadInput(`${name} has ${bytes.length} bytes; a tile may have ${MAX_PICTURE_BYTES} at most.`);
  }
  const kind = pictureKind(bytes);
  if (!kind) throw new BadInput(`${name} is neither a JPEG nor a PNG picture; convert it or leave it out.`);
  const frame = kind === 'jpeg' ? jpegFrame(bytes) : pngFrame(bytes);
  if (!frame) throw damaged(name);
  checkSize(frame, name);

  const rgba = kind === 'jpeg' ? await jpegPixels(bytes, modules.jpeg) : await pngPixels(bytes, modules.png);
  if (!rgba || rgba.width !== frame.width || rgba.height !== frame.height) throw damaged(name);
  return { width: frame.width, height: frame.height, data: withoutAlpha(rgba.data) };
}

/** The kind of picture its first bytes announce. */
export function pictureKind(bytes: Uint8Array): 'jpeg' | 'png' | undefined {
  const starts = (...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  return undefined;
}

/** Undefined when mozjpeg gave up or had to guess. */
async function jpegPixels(bytes: Uint8Array, module: WebAssembly.Module): Promise<ImageData | undefined> {
  jpegReady ??= startJpeg(module);
  await jpegReady;
  jpegWarnings.length = 0;
  try {
    const picture = await decodeJpeg(new Uint8Array(bytes).buffer);
    return jpegWarnings.length === 0 ? picture : undefined;
  } catch {
    jpegReady = undefined; // A fatal error ends the codec's runtime: the next picture gets a fresh one.
    return undefined;
  }
}

function startJpeg(module: WebAssembly.Module): Promise<void> {
  const host = {
    noInitialRun: true,
    printErr: (line: string) => jpegWarnings.push(line),
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  };
  return initJpeg(host as Parameters<typeof initJpeg>[0]);
}

async function pngPixels(bytes: Uint8Array, module: WebAssembly.Module): Promise<ImageData | undefined> {
  await initPng(module);
  try {
    return await decodePng(new Uint8Array(bytes).buffer);
  } catch {
    return undefined;
  }
}

function checkSize({ width, height }: Frame, name: string): void {
  if (width * height > MAX_PICTURE_PIXELS) {
    throw new BadInput(
      `${name} is ${width}×${height}; cut it into tiles of ${MAX_PICTURE_PIXELS} pixels at most.`,
    );
  }
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const count = rgba.length / 4;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    rgb[3 * i] = rgba[4 * i];
    rgb[3 * i + 1] = rgba[4 * i + 1];
    rgb[3 * i + 2] = rgba[4 * i + 2];
  }
  return rgb;
}

function damaged(name: string): BadInput {
  return new BadInput(`${name} is truncated or damaged; replace the file or leave it out.`);
}
