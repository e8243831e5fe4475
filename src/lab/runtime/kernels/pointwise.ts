/**
 * Sums and products of two tensors of one shape (kernels/pointwise.ts). All others are tfjs's, which takes many times as
 * long: it asks for every number where in both tensors it lies.
 */
import { getKernel, type NamedAttrMap } from '@tensorflow/tfjs-core';
import { registerOwnKernel } from './backend';
import { OPERATIONS } from './engine';

/** Numbers of a chunk (kernels/pointwise.ts). */
const CHUNK = 16384;

for (const [name, operation] of [
  ['Add', OPERATIONS.add],
  ['Multiply', OPERATIONS.times],
] as const) {
  const plain = getKernel(name, 'cpu').kernelFunc;
  registerOwnKernel(name, (backend, inputs, attrs) => {
    const { a, b } = inputs;
    const isPlain = a.shape.join() === b.shape.join() && a.dtype === 'float32' && b.dtype === 'float32';
    if (!isPlain) return plain({ inputs, backend, attrs: attrs as NamedAttrMap });
    const result = backend.output(a.shape);
    const length = a.shape.reduce((product, each) => product * each, 1);
    const words = [backend.address(a), backend.address(b), result.address, length];
    backend.kernels.run(operation, words, Math.ceil(length / CHUNK));
    return result;
  });
}
