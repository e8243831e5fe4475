/** LiteRT (@litertjs/core, WebAssembly, one thread): loaded when a file is held against the lab, not before. */
import { BadInput } from '../../errors';
import type { FileSession } from '../onnx/session';
import type { TfliteNetwork } from './tflite';

/** LiteRT as its package has it: the script that makes the WebAssembly's module, and the WebAssembly. */
export interface LiteRtParts {
  readonly factory: (settings: object) => Promise<unknown>;
  readonly wasm: ArrayBuffer;
  readonly version: string;
}

/** How a host gets at these, which are far larger than the lab. */
export type LoadLiteRt = () => Promise<LiteRtParts>;

interface LiteRt {
  readonly runtime: typeof import('@litertjs/core');
  readonly version: string;
}

let loaded: Promise<LiteRt> | undefined;

/** Throws what `load` throws; then the next call asks again. */
async function liteRt(load: LoadLiteRt): Promise<LiteRt> {
  loaded ??= started(load);
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}

async function started(load: LoadLiteRt): Promise<LiteRt> {
  const [runtime, { factory, wasm, version }] = await Promise.all([import('@litertjs/core'), load()]);
  // The package keeps one for all of the process, whichever copy of this module asked for it.
  const known = runtime.getGlobalLiteRtPromise();
  if (known) {
    await known;
    return { runtime, version };
  }
  // It tells every step of its own on the console.
  const settings = { wasmBinary: wasm, print: () => {}, printErr: () => {} };
  const giveBack = lend({
    self: globalThis,
    // It would have its script run; that is done.
    importScripts: () => {},
    ModuleFactory: factory,
    Module: settings,
  });
  // Files are run by the processor: no GPU is asked for.
  const { create } = runtime.Environment;
  runtime.Environment.create = () => create({ webGpuDevice: null });
  try {
    await runtime.loadLiteRt('litert.js');
    return { runtime, version };
  } finally {
    runtime.Environment.create = create;
    giveBack();
  }
}

/** LiteRT looks for parts of itself among the globals of a classic worker. Returns what puts back what was there. */
function lend(globals: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(globals).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(globals))
    if (value !== (globalThis as Record<string, unknown>)[name])
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete (globalThis as Record<string, unknown>)[name];
    }
  };
}

/** The version of LiteRT. */
export const liteRtVersion = async (load: LoadLiteRt): Promise<string> => (await liteRt(load)).version;

/** Throws `BadInput` in the runtime's words where it does not take the file. */
export async function openTflite(load: LoadLiteRt, { bytes, input }: TfliteNetwork): Promise<FileSession> {
  const { loadAndCompile, Tensor } = (await liteRt(load)).runtime;
  const model = await loadAndCompile(bytes, { accelerator: 'wasm' }).catch((error: unknown) => {
    throw new BadInput(`LiteRT does not run the file: ${error instanceof Error ? error.message : error}`);
  });
  return {
    run: async (values) => {
      const given = new Tensor(values as Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>, [
        ...input.shape,
      ]);
      const answers = await model.run(given);
      try {
        return (answers[0].toTypedArray() as Float32Array).slice();
      } finally {
        for (const each of [given, ...answers]) each.delete();
      }
    },
    release: async () => model.delete(),
  };
}
