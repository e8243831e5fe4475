/** Cross-entropy of logits against class indices, batch mean. */
import * as tf from '../runtime/tf';

/** −mean log softmax(logits)[label]; the gradient is (softmax − one-hot)/N. logits: [N, classes]. */
export function crossEntropy(logits: tf.Tensor2D, labels: ArrayLike<number>): tf.Scalar {
  const [tiles, classes] = logits.shape;
  const oneHot = tf.tensor2d(oneHotRows(labels, classes), [tiles, classes]);
  return tf.customGrad((input, save) => {
    const shifted = tf.sub(input as tf.Tensor, tf.max(input as tf.Tensor, 1, true));
    const logSum = tf.log(tf.sum(tf.exp(shifted), 1, true));
    const logProbability = tf.sub(shifted, logSum);
    (save as tf.GradSaveFunc)([tf.div(tf.sub(tf.exp(logProbability), oneHot), tiles)]);
    return {
      value: tf.neg(tf.div(tf.sum(tf.mul(logProbability, oneHot)), tiles)),
      gradFunc: (dy: tf.Tensor, [gradient]: tf.Tensor[]) => tf.mul(gradient, dy),
    };
  })(logits) as tf.Scalar;
}

function oneHotRows(labels: ArrayLike<number>, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) rows[i * classes + labels[i]] = 1;
  return rows;
}
