/** Kernels whose maps are channels last: the same bits with any number of threads. */
import { expect, test } from 'vitest';
import {
  CHANNEL_MOMENTS,
  CHANNEL_NORM,
  CHANNEL_NORM_GRADIENT,
  DEPTHWISE_FILTER_GRADIENT,
  DEPTHWISE_INPUT_GRADIENT,
} from '../../src/lab/nn/ops/names';
import '../../src/lab/nn/ops/ownDepthwise';
import '../../src/lab/nn/ops/ownNorm';
import '../../src/lab/runtime/kernels/pointwise';
import { Kernels } from '../../src/lab/runtime/kernels/engine';
import { onKernels } from '../testing/kernels';
import { nodeKernels } from './kernels';

/** A depthwise layer with its norm, forward and back: every number of what they leave. */
async function layerWith(threads: number): Promise<string> {
  const kernels = await Kernels.start(nodeKernels, threads);
  expect(kernels.threads).toBe(threads);
  const { backend, place, run } = onKernels(kernels);
  const [x, filter] = [place([11, 13, 12, 22], 1), place([5, 5, 22, 1], 2)];
  const [y] = run('DepthwiseConv2dNative', { x, filter }, { strides: 2, pad: 2, dilations: 1 });
  const [mean, variance] = run(CHANNEL_MOMENTS, { x: y }, {});
  const norm = { x: y, scale: place([22], 3), shift: place([22], 4), mean, variance };
  const relu6 = { low: 0, high: 6 };
  const [z] = run(CHANNEL_NORM, norm, relu6);
  const [dy, dScale, dShift] = run(CHANNEL_NORM_GRADIENT, { ...norm, dy: place(z.shape, 5) }, relu6);
  const [dx] = run(DEPTHWISE_INPUT_GRADIENT, { dy, filter }, { height: 13, width: 12, stride: 2 });
  const [dw] = run(DEPTHWISE_FILTER_GRADIENT, { x, dy }, { kernel: 5, stride: 2 });
  const [sum] = run('Add', { a: x, b: dx }, {});
  const all = [y, mean, variance, z, dy, dScale, dShift, dx, dw, sum];
  const numbers = all.map((each) => backend.values(each).join());
  kernels.end();
  return numbers.join(';');
}

test('the same bits with 1, 2, 3 and 8 threads', async () => {
  const one = await layerWith(1);
  expect(one).not.toContain('NaN');
  for (const threads of [2, 3, 8]) expect(await layerWith(threads)).toBe(one);
});
