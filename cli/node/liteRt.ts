/** LiteRT as the installed package has it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import type { LiteRtParts, LoadLiteRt } from '../../src/lab/files/tflite/runtime';

const require = createRequire(import.meta.url);

/** The build without relaxed SIMD: it gives the same numbers on every machine. */
const NAME = 'litert_wasm_compat_internal';

export const loadLiteRt: LoadLiteRt = async () => {
  const folder = path.dirname(require.resolve('@litertjs/core/package.json'));
  const script = path.join(folder, 'wasm', `${NAME}.js`);
  const [text, wasm, about] = await Promise.all([
    readFile(script, 'utf8'),
    readFile(path.join(folder, 'wasm', `${NAME}.wasm`)),
    readFile(path.join(folder, 'package.json'), 'utf8'),
  ]);
  // A classic script in a package of modules: Node would take it for one.
  const make = compileFunction(`${text}\nreturn ModuleFactory;`, ['require', '__filename', '__dirname']);
  const factory = make(require, script, path.dirname(script)) as LiteRtParts['factory'];
  const { version } = JSON.parse(about) as { version: string };
  return { factory, wasm: new Uint8Array(wasm).buffer, version };
};
