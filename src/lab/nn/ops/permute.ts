/** Reordering along one axis as a differentiable operation: the gradient is the inverse reordering. */
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import * as tf from '../../runtime/tf';

/** Entries of `inner` numbers each, `length` of them along the axis. */
const permuteKernel: HostKernel = {
  name: 'OrbitPermute',
  shapes: ([x]) => [[...x]],
  compute: ([x, source], [out], { inner }) => {
    const width = Number(inner);
    const step = source.length * width;
    for (let first = 0, to = 0; first < x.length; first += step) {
      for (let i = 0; i < source.length; i++) {
        let from = first + source[i] * width;
        for (const end = to + width; to < end; ) out[to++] = x[from++];
      }
    }
  },
};
registerHostKernel(permuteKernel);

/** Kernels read floats, which tell so many places apart. */
const MOST_PLACES = 2 ** 24;

/** out[…, i, …] = x[…, source[i], …] along `axis`; `source` must be a permutation. */
export function permute(x: tf.Tensor, source: ArrayLike<number>, axis: number): tf.Tensor {
  const forward = Int32Array.from(source);
  const backward = new Int32Array(forward.length);
  for (let i = 0; i < forward.length; i++) backward[forward[i]] = i;
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: reordered(input as tf.Tensor, forward, axis),
      gradFunc: (dy: tf.Tensor) => reordered(dy, backward, axis),
    };
  })(x);
}

function reordered(x: tf.Tensor, source: Int32Array, axis: number): tf.Tensor {
  if (!canRun(permuteKernel) || source.length > MOST_PLACES)
    return tf.gather(x, tf.tensor1d(source, 'int32'), axis);
  const inner = x.shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  return runHostKernel(permuteKernel, [x, tf.tensor1d(Float32Array.from(source))], { inner })[0];
}
