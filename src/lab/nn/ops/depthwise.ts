/**
 * The depthwise convolution that trains on every backend: each channel has its own odd k×k filter, padding
 * p = (k−1)/2, stride s. The lab's own kernels (kernels/depthwise.ts) and programs have both gradients; elsewhere they are composed:
 *
 *   value   Y[y, x, c]  = Σ_ij X[s·y+i−p, s·x+j−p, c] · W[i, j, c]
 *   input   dX = conv(dY with s−1 zeros after every row and column, W turned by 180°, p): a depthwise convolution
 *   filter  dW[i, j, c] = Σ_nyx X[n, s·y+i−p, s·x+j−p, c] · dY[n, y, x, c]: a loop where memory is ours, else k² products
 */
import { type HostKernel, hasHostKernels, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import { isOwn } from '../../runtime/kernels/backend';
import { loadWith } from '../../runtime/onDemand';
import * as tf from '../../runtime/tf';
import { usesPrograms } from '../../runtime/webgpu/program';
import { depthwiseFilterGradientLoop } from './depthwiseLoops';
import { DEPTHWISE_FILTER_GRADIENT, DEPTHWISE_INPUT_GRADIENT } from './names';
import { spreadOut } from './spread';
import './ownDepthwise';

loadWith('webgpu', () => import('./webgpu/depthwise'));

const filterGradientKernel: HostKernel = {
  name: 'OrbitDepthwiseFilterGradient',
  shapes: ([x], { kernel }) => [[Number(kernel), Number(kernel), x[3], 1]],
  compute: ([x, dy], [dw], { kernel, stride }, [xShape, dyShape]) =>
    depthwiseFilterGradientLoop(x, dy, dw, xShape, dyShape, Number(kernel), Number(stride)),
};

registerHostKernel(filterGradientKernel);

/** How the gradients are computed; tests force each. `own`: by the lab's own kernels or programs. */
export type DepthwiseForm = 'own' | 'loop' | 'composed';

const preferredForm = (): DepthwiseForm =>
  isOwn() || usesPrograms() ? 'own' : hasHostKernels() ? 'loop' : 'composed';

/** x: [N, H, W, C], w: [k, k, C, 1] → [N, ⌈H/s⌉, ⌈W/s⌉, C]; differentiable in both. */
export function depthwise(
  x: tf.Tensor4D,
  w: tf.Tensor4D,
  stride: 1 | 2,
  form = preferredForm(),
): tf.Tensor4D {
  const kernel = w.shape[0];
  const pad = (kernel - 1) / 2;
  return tf.customGrad((input, filter, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor, filter as tf.Tensor]);
    return {
      value: tf.depthwiseConv2d(input as tf.Tensor4D, filter as tf.Tensor4D, stride, pad),
      gradFunc: (dy: tf.Tensor, [savedX, savedW]: tf.Tensor[]) => {
        const gradientsOf =
          form === 'own' ? ownGradients : form === 'loop' ? loopGradients : composedGradients;
        return gradientsOf(savedX as tf.Tensor4D, savedW as tf.Tensor4D, dy as tf.Tensor4D, stride);
      },
    };
  })(x, w) as tf.Tensor4D;
}

type Gradients = [dx: tf.Tensor4D, dw: tf.Tensor4D];

function ownGradients(x: tf.Tensor4D, w: tf.Tensor4D, dy: tf.Tensor4D, stride: number): Gradients {
  const [kernel] = w.shape;
  const [, height, width] = x.shape;
  return [
    tf.engine().runKernel(DEPTHWISE_INPUT_GRADIENT, { dy, filter: w }, { height, width, stride }),
    tf.engine().runKernel(DEPTHWISE_FILTER_GRADIENT, { x, dy }, { kernel, stride }),
  ] as Gradients;
}

function loopGradients(x: tf.Tensor4D, w: tf.Tensor4D, dy: tf.Tensor4D, stride: number): Gradients {
  const [dw] = runHostKernel(filterGradientKernel, [x, dy], { kernel: w.shape[0], stride });
  return [inputGradient(dy, w, x.shape, stride), dw as tf.Tensor4D];
}

function composedGradients(x: tf.Tensor4D, w: tf.Tensor4D, dy: tf.Tensor4D, stride: number): Gradients {
  return [inputGradient(dy, w, x.shape, stride), composedFilterGradient(x, dy, w.shape[0], stride)];
}

function inputGradient(
  dy: tf.Tensor4D,
  w: tf.Tensor4D,
  [, height, width]: readonly number[],
  stride: number,
): tf.Tensor4D {
  const spread = stride === 1 ? dy : spreadOut(dy, stride, height, width);
  return tf.depthwiseConv2d(spread, tf.reverse(w, [0, 1]) as tf.Tensor4D, 1, (w.shape[0] - 1) / 2);
}

function composedFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  kernel: number,
  stride: number,
): tf.Tensor4D {
  const pad = (kernel - 1) / 2;
  const [tiles, rows, columns, channels] = dy.shape;
  const padded = tf.pad(x, [
    [0, 0],
    [pad, pad],
    [pad, pad],
    [0, 0],
  ]);
  const extent = (count: number) => (count - 1) * stride + 1;
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < kernel; i++) {
    for (let j = 0; j < kernel; j++) {
      const end = [tiles, i + extent(rows), j + extent(columns), channels];
      const seen = tf.stridedSlice(padded, [0, i, j, 0], end, [1, stride, stride, 1]);
      taps.push(tf.sum(tf.reshape(tf.mul(seen, dy), [-1, channels]), 0));
    }
  }
  return tf.reshape(tf.stack(taps), [kernel, kernel, channels, 1]) as tf.Tensor4D;
}
