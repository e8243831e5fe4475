/**
 * Ordinary convolutions, channels last, on the lab's own kernels: between planes they are group convolutions under C1. In
 * place of tfjs's in plain JavaScript, wherever the padding is (k−1)/2 on both sides; a stride leaves rows and columns out.
 */
import { type KernelsBackend, registerOwnKernel } from '../../runtime/kernels/backend';
import { multiplyAt } from '../../runtime/kernels/matmul';
import * as tf from '../../runtime/tf';
import type { FilterShape } from '../../symmetry/filters';
import { fromPlanes, toPlanes } from '../maps/planarKernels';
import { convolveMaps, filterGradientOf } from './groupConvolution/kernels';
import { CONVOLUTION_FILTER_GRADIENT } from './names';
import { addAndClip } from './ownNorm';
import { type KnownConvolution, knownConvolution } from './tfjsConvolution';

type Shape4 = [number, number, number, number];

for (const name of ['Conv2D', 'FusedConv2D'] as const) {
  const plain = tf.getKernel(name, 'cpu').kernelFunc;
  registerOwnKernel(name, (backend, inputs, attrs) => {
    const { x, filter, bias } = inputs;
    const known = knownConvolution(inputs, attrs);
    return known
      ? convolve(backend, x, filter, bias, known)
      : plain({ inputs, backend, attrs: attrs as tf.NamedAttrMap });
  });
}

/** x [N, H, W, C_in], dy [N, ⌈H/s⌉, ⌈W/s⌉, C_out] → [k, k, C_in, C_out]. */
registerOwnKernel(CONVOLUTION_FILTER_GRADIENT, (backend, { x, dy }, { kernel, stride }) => {
  const size = Number(kernel);
  const shape = plainShape(size, x.shape[3], dy.shape[3]);
  const spread = spreadOut(backend, dy, x.shape as Shape4, Number(stride));
  const [planes, gradient] = [toPlanes(backend, x), toPlanes(backend, spread)];
  const dw = filterGradientOf(backend, planes, gradient, shape);
  for (const each of [planes, gradient]) backend.disposeIntermediateTensorInfo(each);
  if (spread !== dy) backend.disposeIntermediateTensorInfo(spread);
  return { ...dw, shape: [size, size, x.shape[3], dy.shape[3]] };
});

const plainShape = (kernel: number, fieldsIn: number, fieldsOut: number): FilterShape => ({
  group: 'C1',
  kernel,
  fieldsIn,
  sizeIn: 1,
  fieldsOut,
});

function convolve(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  { stride, ending }: KnownConvolution,
): tf.TensorInfo {
  const [tiles, height, width, channels] = x.shape;
  const [kernel, , , filters] = filter.shape;
  if (kernel === 1 && stride === 1) {
    const y = backend.output([tiles, height, width, filters]);
    const rows = tiles * height * width;
    multiplyAt(
      backend,
      [rows, filters, channels],
      { address: backend.address(x), row: channels, column: 1 },
      { address: backend.address(filter), row: filters, column: 1 },
      y.address,
      { ...ending, bias: bias && backend.address(bias) },
    );
    return y;
  }
  const planes = toPlanes(backend, x);
  const maps = convolveMaps(backend, planes, filter, plainShape(kernel, channels, filters));
  const dense = fromPlanes(backend, maps);
  for (const each of [planes, maps]) backend.disposeIntermediateTensorInfo(each);
  const y = stride === 1 ? dense : everySecond(backend, dense, stride);
  if (y !== dense) backend.disposeIntermediateTensorInfo(dense);
  if (bias || Number.isFinite(ending.low)) addAndClip(backend, y, bias, ending);
  return y;
}

/** Rows and columns 0, s, 2s, … of maps. */
function everySecond(backend: KernelsBackend, x: tf.TensorInfo, stride: number): tf.TensorInfo {
  const [tiles, height, width, channels] = x.shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const y = backend.output([tiles, rows, columns, channels]);
  const [from, to] = [backend.values(x), backend.values(y)];
  eachKept([tiles, rows, columns], (at, [n, r, c]) => {
    const source = ((n * height + r * stride) * width + c * stride) * channels;
    to.set(from.subarray(source, source + channels), at * channels);
  });
  return y;
}

/** dy between zeros, where the value of a stride of 1 would have been. */
function spreadOut(
  backend: KernelsBackend,
  dy: tf.TensorInfo,
  [, height, width]: Shape4,
  stride: number,
): tf.TensorInfo {
  if (stride === 1) return dy;
  const [tiles, rows, columns, channels] = dy.shape;
  const spread = backend.output([tiles, height, width, channels]);
  const [from, to] = [backend.values(dy), backend.values(spread)];
  to.fill(0);
  eachKept([tiles, rows, columns], (at, [n, r, c]) => {
    const target = ((n * height + r * stride) * width + c * stride) * channels;
    to.set(from.subarray(at * channels, (at + 1) * channels), target);
  });
  return spread;
}

function eachKept(
  [tiles, rows, columns]: readonly [number, number, number],
  use: (at: number, place: readonly [number, number, number]) => void,
): void {
  let at = 0;
  for (let n = 0; n < tiles; n++)
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++, at++) use(at, [n, r, c]);
}
