/** ONNX Runtime's WebAssembly in the browser: a file of the page's own origin, asked for when it is needed. */
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { BadInput } from '../../lab/errors';
import type { LoadRuntime } from '../../lab/files/onnx/runtime';

/** Throws `BadInput` where it is not at hand: offline, before it was loaded once. */
export const loadOnnxRuntime: LoadRuntime = async () => {
  const response = await fetch(wasmUrl).catch(() => null);
  if (response?.ok) return response.arrayBuffer();
  const why = response ? `its host answers ${response.status}` : 'there is no connection';
  throw new BadInput(
    `ONNX Runtime, which checks the file, could not be loaded (${why}). It is 14 MB, loaded the first time that an ONNX ` +
      'file is made, and kept from then on: try again with a connection.',
  );
};
