/** ONNX Runtime's WebAssembly as the installed package has it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadInput } from '../../src/lab/errors';
import { type LoadRuntime, loadRuntime, type OnnxRuntime } from '../../src/lab/files/onnx/runtime';

const { resolve } = createRequire(import.meta.url);

export const loadOnnxRuntime: LoadRuntime = async () => {
  const file = await readFile(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  return new Uint8Array(file).buffer;
};

let several: { readonly threads: number; readonly runtime: Promise<OnnxRuntime> } | undefined;

/**
 * ONNX Runtime with so many threads. All that one copy of it runs shares its threads, and there are two copies in a process:
 * that with one thread, and its build for Node. So there can be one number of threads beside one; throws `BadInput` for
 * another.
 */
export async function runtimeWith(threads: number): Promise<OnnxRuntime> {
  if (threads === 1) return loadRuntime(loadOnnxRuntime);
  several ??= { threads, runtime: startSeveral(threads) };
  if (several.threads !== threads)
    throw new BadInput(
      `In one run ONNX Runtime has one number of threads beside 1, here ${several.threads}: time ${threads} in another run.`,
    );
  return several.runtime;
}

async function startSeveral(threads: number): Promise<OnnxRuntime> {
  const file = path.join(
    path.dirname(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
    'ort.node.min.mjs',
  );
  const runtime = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as OnnxRuntime;
  runtime.env.wasm.numThreads = threads;
  runtime.env.logLevel = 'error';
  return runtime;
}
