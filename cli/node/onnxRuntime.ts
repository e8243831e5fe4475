/** ONNX Runtime's WebAssembly as the installed package has it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { LoadRuntime } from '../../src/lab/files/onnx/runtime';

const { resolve } = createRequire(import.meta.url);

export const loadOnnxRuntime: LoadRuntime = async () => {
  const file = await readFile(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  return new Uint8Array(file).buffer;
};
