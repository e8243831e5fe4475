/** Matrix product, differentiable in both factors. */
import * as tf from '../../runtime/tf';

/**
 * x · w for [N, in] · [in, out]. No gradient flows to a `constant` input, which saves a third of the work: rows that were
 * computed beforehand.
 */
export function multiply(x: tf.Tensor2D, w: tf.Tensor2D, constant?: 'input'): tf.Tensor2D {
  const weightGradient = (left: tf.Tensor, dy: tf.Tensor) =>
    tf.matMul(left as tf.Tensor2D, dy as tf.Tensor2D, true, false);
  if (constant === 'input') {
    return tf.customGrad((right, save) => {
      (save as tf.GradSaveFunc)([x]);
      return {
        value: tf.matMul(x, right as tf.Tensor2D),
        gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => weightGradient(saved, dy),
      };
    })(w) as tf.Tensor2D;
  }
  return tf.customGrad((left, right, save) => {
    (save as tf.GradSaveFunc)([left as tf.Tensor, right as tf.Tensor]);
    return {
      value: tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.matMul(dy as tf.Tensor2D, saved[1] as tf.Tensor2D, false, true),
        weightGradient(saved[0], dy),
      ],
    };
  })(x, w) as tf.Tensor2D;
}
