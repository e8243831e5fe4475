/**
 * The WASM codecs behind the picture decoder (mozjpeg, the Rust png crate, libwebp, from jSquash). Canvas decoders
 * differ between browsers, so page and command line run the same ones and get the same bytes. Each returns RGBA, or
 * undefined where the bytes are broken.
 */

import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js';

export interface DecoderModules {
  readonly jpeg: WebAssembly.Module;
  readonly png: WebAssembly.Module;
  readonly webp: WebAssembly.Module;
}

let modules: DecoderModules | undefined;
let jpegReady: Promise<void> | undefined;
let webpReady: Promise<void> | undefined;
/** What mozjpeg wrote to its standard error during the current decode. */
const jpegWarnings: string[] = [];

/** Hands over the compiled codecs; the host calls it once, before the first picture. */
export function setDecoderModules(given: DecoderModules): void {
  modules = given;
  jpegReady = undefined;
  webpReady = undefined;
}

function compileModules(): DecoderModules {
  if (!modules) throw new Error('setDecoderModules() must be called before decodePicture()');
  return modules;
}

/** The PNG codec writes as well as it reads. */
export function pngModule(): WebAssembly.Module {
  return compileModules().png;
}

/** Undefined also when mozjpeg had to guess: it paints the missing part of a truncated file grey. */
export async function jpegPixels(bytes: Uint8Array): Promise<ImageData | undefined> {
  const module = compileModules().jpeg;
  jpegReady ??= (initJpeg as EmscriptenInit)({
    ...emscriptenHost(module),
    printErr: (line: string) => jpegWarnings.push(line),
  });
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

/** Of a picture with 16 bits per value the upper 8; of an animated one the first frame. */
export async function pngPixels(bytes: Uint8Array): Promise<ImageData | undefined> {
  await initPng(compileModules().png);
  try {
    return await decodePng(new Uint8Array(bytes).buffer);
  } catch {
    return undefined;
  }
}

export async function webpPixels(bytes: Uint8Array): Promise<ImageData | undefined> {
  const module = compileModules().webp;
  webpReady ??= (initWebp as EmscriptenInit)(emscriptenHost(module));
  await webpReady;
  try {
    return await decodeWebp(new Uint8Array(bytes).buffer);
  } catch {
    webpReady = undefined;
    return undefined;
  }
}

type EmscriptenInit = (host: object) => Promise<void>;

/** Starts a codec from its compiled module, without a fetch. */
function emscriptenHost(module: WebAssembly.Module): object {
  return {
    noInitialRun: true,
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  };
}
