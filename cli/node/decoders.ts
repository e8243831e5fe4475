/** Gives the picture decoder its WASM codecs in Node: the files of the installed packages. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setDecoderModules } from '../../src/lab/pictures/decode/decode';
import { setLercReader } from '../../src/lab/pictures/tiff/lerc';
import { readLerc } from './lercReader';

const { resolve } = createRequire(import.meta.url);
let loading: Promise<void> | undefined;

/** Compiles the codecs once; call before reading pictures. */
export function loadDecoders(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  setLercReader(readLerc);
  const compile = async (file: string) => WebAssembly.compile(await readFile(resolve(file)));
  setDecoderModules({
    jpeg: await compile('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'),
    png: await compile('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'),
    webp: await compile('@jsquash/webp/codec/dec/webp_dec.wasm'),
  });
}
