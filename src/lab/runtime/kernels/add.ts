/**
 * Sums of two tensors of one shape (kernels/add.ts). All others are tfjs's, which takes many times as long: it asks for
 * every number where in both tensors it lies.
 */
import { getKernel, type NamedAttrMap } from '@tensorflow/tfjs-core';
import { registerOwnKernel } from './backend';
import { OPERATIONS } from './engine';

/** Numbers of a chunk (kernels/add.ts). */
const CHUNK = 16384;

const plain = getKernel('Add', 'cpu').kernelFunc;

registerOwnKernel('Add', (backend, inputs, attrs) => {
  const { a, b } = inputs;
  const isPlain = a.shape.join() === b.shape.join() && a.dtype === 'float32' && b.dtype === 'float32';
  if (!isPlain) return plain({ inputs, backend, attrs: attrs as NamedAttrMap });
  const sum = backend.output(a.shape);
  const length = a.shape.reduce((product, each) => product * each, 1);
  const words = [backend.address(a), backend.address(b), sum.address, length];
  backend.kernels.run(OPERATIONS.add, words, Math.ceil(length / CHUNK));
  return sum;
});
