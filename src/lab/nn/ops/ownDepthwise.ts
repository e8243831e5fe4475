/**
 * Depthwise convolutions on the lab's own kernels (kernels/depthwise.ts), in place of tfjs's in plain JavaScript: wherever
 * a channel has one odd filter, the padding is (k−1)/2 on both sides, and the stride 1 or 2. The gradients beside them.
 */
import { type KernelsBackend, registerOwnKernel } from '../../runtime/kernels/backend';
import { CHUNKS, OPERATIONS, type Word } from '../../runtime/kernels/engine';
import * as tf from '../../runtime/tf';
import { DEPTHWISE_FILTER_GRADIENT, DEPTHWISE_INPUT_GRADIENT } from './names';
import { type KnownConvolution, knownConvolution } from './tfjsConvolution';

for (const name of ['DepthwiseConv2dNative', 'FusedDepthwiseConv2D'] as const) {
  const plain = tf.getKernel(name, 'cpu').kernelFunc;
  registerOwnKernel(name, (backend, inputs, attrs) => {
    const { x, filter, bias } = inputs;
    const known = knownConvolution(inputs, attrs, true);
    if (!known || known.stride > 2 || filter.shape[3] !== 1) {
      return plain({ inputs, backend, attrs: attrs as tf.NamedAttrMap });
    }
    const [tiles, height, width, channels] = x.shape;
    const { stride, ending } = known;
    const y = backend.output([tiles, Math.ceil(height / stride), Math.ceil(width / stride), channels]);
    const at = {
      x: backend.address(x),
      y: y.address,
      filter: backend.address(filter),
      bias: bias && backend.address(bias),
    };
    backend.kernels.run(
      OPERATIONS.depthwise,
      depthwiseWords(x.shape, filter.shape[0], stride, at, ending),
      tiles,
    );
    return y;
  });
}

/** dy [N, ⌈H/s⌉, ⌈W/s⌉, C], filter [k, k, C, 1] → [N, H, W, C]. */
registerOwnKernel(DEPTHWISE_INPUT_GRADIENT, (backend, { dy, filter }, { height, width, stride }) => {
  const [tiles, , , channels] = dy.shape;
  const dx = backend.output([tiles, Number(height), Number(width), channels]);
  const at = { x: dx.address, y: backend.address(dy), filter: backend.address(filter) };
  const words = depthwiseWords(dx.shape, filter.shape[0], Number(stride), at);
  backend.kernels.run(OPERATIONS.depthwiseInputGradient, words, tiles);
  return dx;
});

/** x [N, H, W, C], dy [N, ⌈H/s⌉, ⌈W/s⌉, C] → [k, k, C, 1]. */
registerOwnKernel(DEPTHWISE_FILTER_GRADIENT, (backend, { x, dy }, { kernel, stride }) => {
  const size = Number(kernel);
  const channels = x.shape[3];
  const dw = backend.output([size, size, channels, 1]);
  withSums(backend, size * size * channels, (sums) => {
    const at = { x: backend.address(x), y: backend.address(dy), filter: dw.address, sums };
    const words = depthwiseWords(x.shape, size, Number(stride), at);
    backend.kernels.run(OPERATIONS.sumDepthwiseFilterGradient, words, CHUNKS);
    backend.kernels.run(OPERATIONS.finishDepthwiseFilterGradient, words, 1);
  });
  return dw;
});

/** Lends room for so many sums in float64 of every chunk. */
function withSums({ kernels }: KernelsBackend, count: number, use: (sums: number) => void): void {
  const sums = kernels.heap.allocate(CHUNKS * count * 8);
  use(sums);
  kernels.heap.release(sums);
}

interface DepthwiseAddresses {
  readonly x: number;
  readonly y: number;
  readonly filter: number;
  readonly bias?: number;
  readonly sums?: number;
}

/** What all steps are told (kernels/depthwise.ts). The shape is that of x. */
function depthwiseWords(
  [tiles, height, width, channels]: readonly number[],
  kernel: number,
  stride: number,
  at: DepthwiseAddresses,
  { low, high }: KnownConvolution['ending'] = {
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
  },
): Word[] {
  return [
    ...[at.x, at.y, at.filter, at.bias ?? 0, tiles, height, width, channels, kernel, stride],
    ...[{ float: low }, { float: high }, CHUNKS, at.sums ?? 0],
  ];
}
