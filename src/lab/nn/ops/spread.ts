/** What a convolution with a stride left, where one without would have left it: the first step back through it. */
import * as tf from '../../runtime/tf';

/** dy at every `stride`-th row and column of a height × width map, zeros between. */
export function spreadOut(dy: tf.Tensor4D, stride: number, height: number, width: number): tf.Tensor4D {
  const [tiles, rows, columns, channels] = dy.shape;
  const after = (x: tf.Tensor, axis: number): tf.Tensor => {
    const shape = [...x.shape];
    shape[axis] *= stride - 1;
    return tf.concat([x, tf.zeros(shape)], axis);
  };
  // Beside each value (last axis), then beside each row (the axis that holds whole rows).
  const inRows = after(tf.reshape(dy, [tiles * rows, columns, channels]), 2);
  const all = after(tf.reshape(inRows, [tiles * rows, columns * stride * channels]), 1);
  const map = tf.reshape(all, [tiles, rows * stride, columns * stride, channels]) as tf.Tensor4D;
  const fits = rows * stride === height && columns * stride === width;
  return fits ? map : tf.slice(map, [0, 0, 0, 0], [tiles, height, width, channels]);
}
