/** ONNX Runtime (onnxruntime-web, WebAssembly, one thread): loaded when a file is held against the lab, not before. */
import { BadInput } from '../../errors';
import type { OnnxNetwork } from './onnx';
import type { FileSession } from './session';

/** How a host gets at the runtime's WebAssembly, which is far larger than the lab. */
export type LoadRuntime = () => Promise<ArrayBuffer>;

let loaded: Promise<typeof import('onnxruntime-web/wasm')> | undefined;

/** Throws what `load` throws; then the next call asks again. */
export async function loadRuntime(load: LoadRuntime) {
  loaded ??= (async () => {
    const [runtime, wasm] = await Promise.all([import('onnxruntime-web/wasm'), load()]);
    // Threads would need workers of their own, and change no answer.
    runtime.env.wasm.numThreads = 1;
    runtime.env.wasm.wasmBinary = wasm;
    runtime.env.logLevel = 'error';
    return runtime;
  })();
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}

/** The version of ONNX Runtime. */
export async function runtimeVersion(load: LoadRuntime): Promise<string> {
  const { env } = await loadRuntime(load);
  return env.versions.web ?? env.versions.common;
}

/** Throws `BadInput` in the runtime's words where it does not take the file. */
export async function openOnnx(load: LoadRuntime, network: OnnxNetwork): Promise<FileSession> {
  return openIn(await loadRuntime(load), network);
}

/** The runtime as any of its builds hands it out. */
export type OnnxRuntime = Pick<typeof import('onnxruntime-web/wasm'), 'InferenceSession' | 'Tensor' | 'env'>;

/** The same in a runtime that a host has started. */
export async function openIn(
  { InferenceSession, Tensor }: OnnxRuntime,
  network: OnnxNetwork,
): Promise<FileSession> {
  const { bytes, input } = network;
  const session = await InferenceSession.create(bytes).catch((error: unknown) => {
    throw new BadInput(
      `ONNX Runtime does not run the file: ${error instanceof Error ? error.message : error}`,
    );
  });
  return {
    run: async (values, pictures) => {
      const shape = [pictures, ...(input.shape.slice(1) as number[])];
      const tensor =
        values instanceof Uint8Array
          ? new Tensor('uint8', values, shape)
          : new Tensor('float32', values, shape);
      const [name] = session.outputNames;
      const { [name]: answer } = await session.run({ [session.inputNames[0]]: tensor });
      return (await answer.getData()) as Float32Array;
    },
    release: () => session.release(),
  };
}
