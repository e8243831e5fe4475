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

export const CONVOLUTION_FILTER_GRADIENT = 'OrbitConvolutionFilterGradient';

type Shape4 = [number, number, number, number];

interface ConvolutionAttrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

for (const name of ['Conv2D', 'FusedConv2D'] as const) {
  const plain = tf.getKernel(name, 'cpu').kernelFunc;
  registerOwnKernel(name, (backend, inputs, attrs) => {
    const { x, filter, bias } = inputs;
    const options = attrs as unknown as ConvolutionAttrs;
    const stride = strideOf(x.shape as Shape4, filter.shape as Shape4, options);
    const activation = options.activation ?? 'linear';
    const known = ['linear', 'relu', 'relu6'].includes(activation);
    if (!stride || !known || inputs.preluActivationWeights) {
      return plain({ inputs, backend, attrs: attrs as tf.NamedAttrMap });
    }
    const y = convolve(backend, x, filter, stride);
    if (bias || activation !== 'linear') finish(backend, y, bias, activation);
    return y;
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

/** The stride, where the convolution is one that the kernels know. */
function strideOf(x: Shape4, filter: Shape4, attrs: ConvolutionAttrs): number | undefined {
  const info = tf.backend_util.computeConv2DInfo(
    x,
    filter,
    attrs.strides,
    attrs.dilations,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(attrs.dataFormat),
  );
  const { top, bottom, left, right } = info.padInfo;
  const pad = (filter[0] - 1) / 2;
  const isSquare = filter[0] === filter[1] && filter[0] % 2 === 1 && info.strideHeight === info.strideWidth;
  const isPlain = info.dilationHeight === 1 && info.dilationWidth === 1 && info.dataFormat === 'channelsLast';
  const isCentred =
    top === pad && left === pad && (info.strideHeight > 1 || (bottom === pad && right === pad));
  return isSquare && isPlain && isCentred ? info.strideHeight : undefined;
}

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
  stride: number,
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
    );
    return y;
  }
  const planes = toPlanes(backend, x);
  const maps = convolveMaps(backend, planes, filter, plainShape(kernel, channels, filters));
  const dense = fromPlanes(backend, maps);
  for (const each of [planes, maps]) backend.disposeIntermediateTensorInfo(each);
  if (stride === 1) return dense;
  const y = everySecond(backend, dense, stride);
  backend.disposeIntermediateTensorInfo(dense);
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

/** Adds the bias and cuts off, in place. */
function finish(
  backend: KernelsBackend,
  y: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  activation: string,
): void {
  const channels = y.shape[3];
  const values = backend.values(y);
  const added = bias ? backend.values(bias) : new Float32Array(channels);
  const low = activation === 'linear' ? Number.NEGATIVE_INFINITY : 0;
  const high = activation === 'relu6' ? 6 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; ) {
    for (let c = 0; c < channels; c++, i++)
      values[i] = Math.min(high, Math.max(low, values[i] + added[c % added.length]));
  }
}
