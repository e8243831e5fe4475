/**
 * A convolution that trains on every backend at any stride s: odd kernel k, padding (k−1)/2. (The one of equivariant networks
 * has none: convolution.ts.)
 *
 *   value   Y[y, x]  = Σ_ij X[s·y+i−p, s·x+j−p] · W[i, j]
 *   input   dX = conv(dY with s−1 zeros after every row and column, W turned by 180° with in and out swapped, p)
 *   filter  as without a stride, of the same spread dY
 */
import * as tf from '../../runtime/tf';
import { convolve, filterGradient, inputGradient } from './convolution';
import { spreadOut } from './spread';

/** x: [N, H, W, C_in], w: [k, k, C_in, C_out] → [N, ⌈H/s⌉, ⌈W/s⌉, C_out]; differentiable in both. */
export function convolveStrided(x: tf.Tensor4D, w: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return convolve(x, w);
  const kernel = w.shape[0];
  const [, height, width] = x.shape;
  return tf.customGrad((input, filter, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor, filter as tf.Tensor]);
    return {
      value: tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, stride, (kernel - 1) / 2),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        inputGradient(spreadOut(dy as tf.Tensor4D, stride, height, width), saved[1] as tf.Tensor4D),
        filterGradient(saved[0] as tf.Tensor4D, dy as tf.Tensor4D, kernel, stride),
      ],
    };
  })(x, w) as tf.Tensor4D;
}
