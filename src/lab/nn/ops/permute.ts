/** Reordering along one axis as a differentiable operation: the gradient is the inverse reordering. */
import { type HostKernel, hasHostKernels, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import * as tf from '../../runtime/tf';

const reorderKernel: HostKernel = {
  name: 'OrbitReorder',
  shapes: ([x]) => [[...x]],
  compute: ([x, source], [out], { inner }) => {
    const width = Number(inner);
    const rows = source.length;
    for (let first = 0; first < x.length; first += rows * width) {
      for (let row = 0; row < rows; row++) {
        const from = first + source[row] * width;
        out.set(x.subarray(from, from + width), first + row * width);
      }
    }
  },
};

registerHostKernel(reorderKernel);

/** out[…, i, …] = x[…, source[i], …] along `axis`; `source` must be a permutation. */
export function permute(x: tf.Tensor, source: ArrayLike<number>, axis: number): tf.Tensor {
  const forward = Int32Array.from(source);
  const backward = new Int32Array(forward.length);
  for (let i = 0; i < forward.length; i++) backward[forward[i]] = i;
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: reorder(input as tf.Tensor, forward, axis),
      gradFunc: (dy: tf.Tensor) => reorder(dy, backward, axis),
    };
  })(x);
}

function reorder(x: tf.Tensor, source: Int32Array, axis: number): tf.Tensor {
  if (!hasHostKernels()) return tf.gather(x, tf.tensor1d(source, 'int32'), axis);
  const inner = x.shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  return runHostKernel(reorderKernel, [x, tf.tensor1d(Float32Array.from(source))], { inner })[0];
}
