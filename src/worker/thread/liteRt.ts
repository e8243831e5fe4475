/** LiteRT in the browser: files of the page's own origin, asked for when they are needed. */
import { version } from '@litertjs/core/package.json';
import wasmUrl from '@litertjs/core/wasm/litert_wasm_compat_internal.wasm?url';
import { BadInput } from '../../lab/errors';
import type { LoadLiteRt } from '../../lab/files/tflite/runtime';

/** Throws `BadInput` where it is not at hand: offline, before it was loaded once. */
export const loadLiteRt: LoadLiteRt = async () => {
  const [script, response] = await Promise.all([
    import('@litertjs/core/wasm/litert_wasm_compat_internal.js').catch(() => null),
    fetch(wasmUrl).catch(() => null),
  ]);
  if (script && response?.ok) return { factory: script.default, wasm: await response.arrayBuffer(), version };
  const why = script && response ? `its host answers ${response.status}` : 'there is no connection';
  throw new BadInput(
    `LiteRT, which checks the file, could not be loaded (${why}). It is 10 MB, loaded the first time that a TFLite file ` +
      'is made, and kept from then on: try again with a connection.',
  );
};
