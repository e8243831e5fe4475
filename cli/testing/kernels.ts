/** The kernels by themselves, with no engine of tfjs around them; for tests only. */
import { KernelsBackend } from '../../src/lab/runtime/kernels/backend';
import type { Kernels } from '../../src/lab/runtime/kernels/engine';
import * as tf from '../../src/lab/runtime/tf';
import { noise } from '../../src/lab/testing/tiny';

/** `place`: a tensor of noise; `run`: what an operation of that name makes. */
export function onKernels(kernels: Kernels) {
  const backend = new KernelsBackend(kernels);
  return {
    backend,
    place(shape: number[], seed: number) {
      const info = backend.output(shape);
      const length = shape.reduce((product, each) => product * each, 1);
      kernels.floats(info.address, length).set(noise(length, seed));
      return info;
    },
    run: (name: string, inputs: tf.NamedTensorInfoMap, attrs: object): tf.TensorInfo[] =>
      [tf.getKernel(name, 'wasm').kernelFunc({ inputs, backend, attrs: attrs as tf.NamedAttrMap })].flat(),
  };
}
