/** Gives the picture decoder its WASM codecs in the browser: files of the page's own origin. */

import jpegUrl from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import pngUrl from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm?url';
import webpUrl from '@jsquash/webp/codec/dec/webp_dec.wasm?url';
import { setDecoderModules } from '../../lab/pictures/decode/decode';

let loading: Promise<void> | undefined;

/** Compiles the codecs once; call before reading pictures. A failed load is tried again on the next call. */
export function loadDecoders(): Promise<void> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  const [jpeg, png, webp] = await Promise.all([jpegUrl, pngUrl, webpUrl].map(compile));
  setDecoderModules({ jpeg, png, webp });
}

/** Not compileStreaming: a plain static server may send another type than application/wasm. */
async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`could not load ${url}: ${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}
