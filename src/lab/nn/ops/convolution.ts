/**
 * The convolution that trains on every backend: stride 1, odd kernel k, padding p = (k−1)/2. (A first layer, which
 * hands no gradient on, may have a stride s; no equivariant network does.)
 *
 * Where the lab has no kernel of its own, both gradients are written as convolutions:
 *   value  Y  = conv(X, W, p)
 *   input  dX = conv(dY, W turned by 180° with in and out swapped, p)
 *   filter dW = conv(X as [C_in, H, W, N], dY as a filter [H, W, N, C_out], p), read as [k, k, C_in, C_out];
 *          with a stride the filter's values are s apart (dilation), and the first k × k results count
 */
import { isOwn } from '../../runtime/kernels/backend';
import { loadWith } from '../../runtime/onDemand';
import * as tf from '../../runtime/tf';
import { usesPrograms } from '../../runtime/webgpu/program';
import { CONVOLUTION_FILTER_GRADIENT } from './names';
import './ownConvolution';

loadWith('webgpu', () => import('./webgpu/convolution'));

/**
 * Y = X ∗ W (cross-correlation). x: [N, H, W, C_in], w: [k, k, C_in, C_out] → [N, H, W, C_out].
 * No gradient flows to a `constant` one, which saves a third of the work: the input of the first layer, or the filter
 * where only activations are asked about.
 */
export function convolve(x: tf.Tensor4D, w: tf.Tensor4D, constant?: 'input' | 'filter'): tf.Tensor4D {
  if (constant === 'filter') {
    return tf.customGrad((input, save) => {
      (save as tf.GradSaveFunc)([w]);
      return {
        value: tf.conv2d(input as tf.Tensor4D, w, 1, 'same'),
        gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
          inputGradient(dy as tf.Tensor4D, saved as tf.Tensor4D),
      };
    })(x) as tf.Tensor4D;
  }
  if (constant === 'input') return convolveInput(x, w, 1);
  return tf.customGrad((input, filter, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor, filter as tf.Tensor]);
    return {
      value: tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        inputGradient(dy as tf.Tensor4D, saved[1] as tf.Tensor4D),
        filterGradient(saved[0] as tf.Tensor4D, dy as tf.Tensor4D, w.shape[0]),
      ],
    };
  })(x, w) as tf.Tensor4D;
}

/** The same for pictures, to which no gradient flows, at any stride: [N, H, W, C_in] → [N, ⌈H/s⌉, ⌈W/s⌉, C_out]. */
export function convolveInput(x: tf.Tensor4D, w: tf.Tensor4D, stride: number): tf.Tensor4D {
  const kernel = w.shape[0];
  return tf.customGrad((filter, save) => {
    (save as tf.GradSaveFunc)([x]);
    return {
      value: tf.conv2d(x, filter as tf.Tensor4D, stride, (kernel - 1) / 2),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        filterGradient(saved as tf.Tensor4D, dy as tf.Tensor4D, kernel, stride),
    };
  })(w) as tf.Tensor4D;
}

/** dX of a stride of 1, from dY and the filter. */
export function inputGradient(dy: tf.Tensor4D, w: tf.Tensor4D): tf.Tensor4D {
  const turned = tf.transpose(tf.reverse(w, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
  return tf.conv2d(dy, turned, 1, 'same');
}

/** dW from the input and dY, which a stride has made smaller. */
export function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, kernel: number, stride = 1): tf.Tensor4D {
  if (isOwn() || usesPrograms()) {
    return tf.engine().runKernel(CONVOLUTION_FILTER_GRADIENT, { x, dy }, { kernel, stride }) as tf.Tensor4D;
  }
  const pictures = tf.transpose(x, [3, 1, 2, 0]) as tf.Tensor4D;
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const gradient = tf.conv2d(pictures, filter, 1, (kernel - 1) / 2, 'NHWC', stride);
  const taps = stride === 1 ? gradient : tf.slice(gradient, [0, 0, 0, 0], [-1, kernel, kernel, -1]);
  return tf.transpose(taps, [1, 2, 0, 3]) as tf.Tensor4D;
}
