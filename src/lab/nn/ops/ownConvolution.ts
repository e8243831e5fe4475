/**
 * Ordinary convolutions, channels last, on the lab's own kernels: between planes they are group convolutions under C1. In
 * place of tfjs's in plain JavaScript, wherever the padding is (k−1)/2 on both sides. With a stride, and on small maps, they
 * are products of matrices.
 */
import { type KernelsBackend, registerOwnKernel } from '../../runtime/kernels/backend';
import { type Ending, multiplyAt } from '../../runtime/kernels/matmul';
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
  const [tiles, , , channels] = x.shape;
  const [kernel, , , filters] = filter.shape;
  const end = { ...ending, bias: bias && backend.address(bias) };
  if (kernel === 1) {
    // What a stride leaves out is never computed.
    const kept = stride === 1 ? x : everySecond(backend, x, stride);
    const [, rows, columns] = kept.shape;
    const y = backend.output([tiles, rows, columns, filters]);
    multiplyAt(
      backend,
      [tiles * rows * columns, filters, channels],
      { address: backend.address(kept), row: channels, column: 1 },
      { address: backend.address(filter), row: filters, column: 1 },
      y.address,
      end,
    );
    if (kept !== x) backend.disposeIntermediateTensorInfo(kept);
    return y;
  }
  if (isProduct(x.shape as Shape4, stride)) return byProduct(backend, x, filter, stride, end);
  const planes = toPlanes(backend, x);
  const maps = convolveMaps(backend, planes, filter, plainShape(kernel, channels, filters));
  const dense = fromPlanes(backend, maps);
  for (const each of [planes, maps]) backend.disposeIntermediateTensorInfo(each);
  if (bias || Number.isFinite(ending.low)) addAndClip(backend, dense, bias, ending);
  return dense;
}

/** Positions of a tile up to which a product takes less than preparing the filters for Winograd's algorithm does, for one tile and for many. */
const FEW = 16;

/**
 * Whether a convolution is a product of matrices: where a stride leaves out most of what it would have, and where maps are
 * small. Of a tile alone, so that none of its numbers depends on how many are beside it.
 */
const isProduct = ([, height, width]: Shape4, stride: number): boolean => stride > 1 || height * width <= FEW;

/** Floats of patches that are laid out at once: 4 MiB. */
const MOST_PATCHES = 2 ** 20;

/** Every position's patch as a row [k · k · C_in], times the filters. */
function byProduct(
  backend: KernelsBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  stride: number,
  end: Ending,
): tf.TensorInfo {
  const [tiles, height, width, channels] = x.shape;
  const [kernel, , , filters] = filter.shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const depth = kernel * kernel * channels;
  const y = backend.output([tiles, rows, columns, filters]);
  const positions = tiles * rows * columns;
  const each = Math.max(1, Math.min(positions, Math.floor(MOST_PATCHES / depth)));
  const patches = backend.output([each, depth]);
  const from = backend.values(x);
  const to = backend.values(patches);
  const pad = (kernel - 1) / 2;
  for (let first = 0; first < positions; first += each) {
    const count = Math.min(each, positions - first);
    to.fill(0, 0, count * depth);
    for (let at = 0; at < count; at++) {
      const place = first + at;
      const column = (place % columns) * stride - pad;
      const row = (Math.floor(place / columns) % rows) * stride - pad;
      const tile = Math.floor(place / (rows * columns));
      const left = Math.max(0, column);
      const right = Math.min(width, column + kernel);
      for (let i = Math.max(0, -row); i < kernel && row + i < height; i++) {
        const source = ((tile * height + row + i) * width + left) * channels;
        to.set(
          from.subarray(source, source + (right - left) * channels),
          at * depth + (i * kernel + left - column) * channels,
        );
      }
    }
    multiplyAt(
      backend,
      [count, filters, depth],
      { address: backend.address(patches), row: depth, column: 1 },
      { address: backend.address(filter), row: filters, column: 1 },
      y.address + 4 * first * filters,
      end,
    );
  }
  backend.disposeIntermediateTensorInfo(patches);
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
