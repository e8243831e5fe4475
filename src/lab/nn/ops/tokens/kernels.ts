/** What tokens go through on the lab's own kernels (kernels/gelu.ts, attention.ts, layerNorm.ts), in place of the loops; and on programs. */
import { type KernelsBackend, registerOwnKernel } from '../../../runtime/kernels/backend';
import { CHUNKS, OPERATIONS, type Word } from '../../../runtime/kernels/engine';
import { loadWith } from '../../../runtime/onDemand';
import type * as tf from '../../../runtime/tf';
import { attentionGradientKernel, attentionKernel } from './attention';
import { geluGradientKernel, geluKernel } from './gelu';
import { layerNormGradientKernel, layerNormKernel } from './layerNorm';

loadWith('webgpu', () => import('./webgpu'));

/** Numbers of a chunk (kernels/gelu.ts). */
const PIECE = 16384;
/** What does not sum runs in so many chunks. */
const PIECES = 32;

const sizeOf = ({ shape }: tf.TensorInfo): number => shape.reduce((product, each) => product * each, 1);

registerOwnKernel(geluKernel.name, (backend, { input0: x }) => {
  const y = backend.output(x.shape);
  const length = sizeOf(x);
  backend.kernels.run(OPERATIONS.gelu, [backend.address(x), 0, y.address, length], Math.ceil(length / PIECE));
  return [y];
});

registerOwnKernel(geluGradientKernel.name, (backend, { input0: x, input1: dy }) => {
  const dx = backend.output(x.shape);
  const length = sizeOf(x);
  const words = [backend.address(x), backend.address(dy), dx.address, length];
  backend.kernels.run(OPERATIONS.geluGradient, words, Math.ceil(length / PIECE));
  return [dx];
});

registerOwnKernel(attentionKernel.name, (backend, { input0: qkv }, attrs) => {
  const [outShape, weightShape] = attentionKernel.shapes([qkv.shape], attrs as Attrs);
  const [out, weights] = [backend.output(outShape), backend.output(weightShape)];
  runHeads(backend, OPERATIONS.attention, attrs as Attrs, { qkv, out, weights });
  return [out, weights];
});

registerOwnKernel(
  attentionGradientKernel.name,
  (backend, { input0: qkv, input1: weights, input2: out }, attrs) => {
    const dx = backend.output(qkv.shape);
    runHeads(backend, OPERATIONS.attentionGradient, attrs as Attrs, { qkv, out, weights, dx });
    return [dx];
  },
);

type Attrs = Readonly<Record<string, number>>;

function runHeads(
  backend: KernelsBackend,
  operation: number,
  { tokens, heads }: Attrs,
  {
    qkv,
    out,
    weights,
    dx,
  }: Readonly<Record<'qkv' | 'out' | 'weights', tf.TensorInfo>> & { dx?: tf.TensorInfo },
): void {
  const [rows, width] = qkv.shape;
  const depth = width / 3 / heads;
  const [wideTokens, wideDepth] = [tokens, depth].map((n) => 4 * Math.ceil(n / 4));
  // Enough for the gradient: values, keys and their gradients, a row of scores, two of channels.
  const floats = depth * wideTokens + 3 * tokens * wideDepth + wideTokens + 2 * wideDepth;
  const at = (info?: tf.TensorInfo): number => (info ? backend.address(info) : 0);
  const addresses = [at(qkv), at(out), at(weights), at(dx)];
  const scratch = backend.kernels.scratchFor(4 * floats);
  const words: Word[] = [
    ...addresses,
    ...[tokens, heads, depth, { float: 1 / Math.sqrt(depth) }, scratch.start, scratch.bytesEach],
  ];
  backend.kernels.run(operation, words, (rows / tokens) * heads);
}

registerOwnKernel(layerNormKernel.name, (backend, { input0: x, input1: scale, input2: shift }) => {
  const y = backend.output(x.shape);
  const [rows, width] = x.shape;
  const addresses = [x, scale, shift].map((info) => backend.address(info));
  backend.kernels.run(OPERATIONS.layerNorm, [...addresses, y.address, rows, width, PIECES], PIECES);
  return [y];
});

registerOwnKernel(layerNormGradientKernel.name, (backend, { input0: x, input1: scale, input2: dy }) => {
  const { kernels } = backend;
  const [rows, width] = x.shape;
  const [dx, dScale, dShift] = [backend.output(x.shape), backend.output([width]), backend.output([width])];
  const sums = kernels.heap.allocate(CHUNKS * 16 * width);
  const words = [
    ...[backend.address(x), backend.address(scale), 0, 0, rows, width, CHUNKS, backend.address(dy)],
    ...[dx.address, sums, dScale.address, dShift.address],
  ];
  kernels.run(OPERATIONS.layerNormGradient, words, CHUNKS);
  kernels.run(OPERATIONS.finishLayerNormGradient, words, 1);
  kernels.heap.release(sums);
  return [dx, dScale, dShift];
});
