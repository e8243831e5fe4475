/** Matrix product, differentiable in both factors. */
import * as tf from '../../runtime/tf';

/** x · w for [N, in] · [in, out]. */
export function multiply(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((left, right, save) => {
    (save as tf.GradSaveFunc)([left as tf.Tensor, right as tf.Tensor]);
    return {
      value: tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.matMul(dy as tf.Tensor2D, saved[1] as tf.Tensor2D, false, true),
        tf.matMul(saved[0] as tf.Tensor2D, dy as tf.Tensor2D, true, false),
      ],
    };
  })(x, w) as tf.Tensor2D;
}
