/** Reordering along one axis as a differentiable operation: the gradient is the inverse reordering. */
import * as tf from '../../runtime/tf';

/** out[…, i, …] = x[…, source[i], …] along `axis`; `source` must be a permutation. */
export function permute(x: tf.Tensor, source: ArrayLike<number>, axis: number): tf.Tensor {
  const forward = Int32Array.from(source);
  const backward = new Int32Array(forward.length);
  for (let i = 0; i < forward.length; i++) backward[forward[i]] = i;
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: tf.gather(input as tf.Tensor, tf.tensor1d(forward, 'int32'), axis),
      gradFunc: (dy: tf.Tensor) => tf.gather(dy, tf.tensor1d(backward, 'int32'), axis),
    };
  })(x);
}
