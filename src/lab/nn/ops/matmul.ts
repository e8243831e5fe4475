/**
 * Matrix product whose gradients never ask for a transposed operand: tfjs's WASM backend takes the fast path
 * (XNNPACK) only for plain products, and a slow loop for `transposeA` or `transposeB`.
 */
import * as tf from '../../runtime/tf';

/** x · w for [N, in] · [in, out]; differentiable in both. */
export function multiply(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((left, right, save) => {
    (save as tf.GradSaveFunc)([left as tf.Tensor, right as tf.Tensor]);
    return {
      value: tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.matMul(dy as tf.Tensor2D, tf.transpose(saved[1]) as tf.Tensor2D),
        tf.matMul(tf.transpose(saved[0]) as tf.Tensor2D, dy as tf.Tensor2D),
      ],
    };
  })(x, w) as tf.Tensor2D;
}
