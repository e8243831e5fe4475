/** The same bits with any number of threads; and with none that answers, one, and the reason. */
import { expect, test } from 'vitest';
import { PLANAR_MOMENTS, PLANAR_NORM, PLANAR_NORM_GRADIENT } from '../../src/lab/nn/maps/planarKernels';
import {
  FILTER_GRADIENT,
  GROUP_CONVOLUTION,
  INPUT_GRADIENT,
  PACK_WEIGHTS,
  PACKED_CONVOLUTION,
} from '../../src/lab/nn/ops/groupConvolution/kernels';
import { INTEGER_PRODUCT, PACK_INTEGERS } from '../../src/lab/nn/ops/names';
import {
  ORBIT_HIDDEN,
  ORBIT_MAP_GRADIENT,
  ORBIT_RESPONSE_GRADIENT,
  ORBIT_WEIGHT_GRADIENT,
  ORBIT_WEIGHTS,
} from '../../src/lab/nn/ops/orbit/names';
import '../../src/lab/nn/ops/orbit/kernels';
import '../../src/lab/nn/ops/ownInt8';
import { attentionGradientKernel, attentionKernel } from '../../src/lab/nn/ops/tokens/attention';
import { FIELD_LINEAR, FIELD_LINEAR_GRADIENT, FIELD_WEIGHTS } from '../../src/lab/nn/ops/tokens/fieldLinear';
import { geluGradientKernel, geluKernel } from '../../src/lab/nn/ops/tokens/gelu';
import '../../src/lab/nn/ops/tokens/kernels';
import { layerNormGradientKernel, layerNormKernel } from '../../src/lab/nn/ops/tokens/layerNorm';
import { ADAM } from '../../src/lab/runtime/kernels/adam';
import { Kernels } from '../../src/lab/runtime/kernels/engine';
import '../../src/lab/runtime/kernels/matmul';
import { noise } from '../../src/lab/testing/tiny';
import { onKernels } from '../testing/kernels';
import { wantedThreads } from './backend';
import { nodeKernels } from './kernels';

/** A layer and an orbit head in training, forward and back, and products: every number of what they leave. */
async function layerWith(threads: number, rest: boolean | number = false): Promise<string> {
  const kernels = await Kernels.start(nodeKernels, threads);
  if (typeof rest === 'boolean') kernels.restHalf(rest);
  else kernels.useThreads(rest);
  expect(kernels.threads).toBe(threads);
  const { backend, place, run } = onKernels(kernels);
  const shape = { group: 'C4', kernel: 3, fieldsIn: 3, sizeIn: 4, fieldsOut: 5 } as const;
  const [x, w] = [place([11, 3, 4, 14, 14], 1), place([9, 3, 4, 5], 2)];
  const [y] = run(GROUP_CONVOLUTION, { x, w }, { shape });
  const [mean, variance] = run(PLANAR_MOMENTS, { x: y }, {});
  const norm = { x: y, scale: place([5], 3), shift: place([5], 4), mean, variance };
  const [z] = run(PLANAR_NORM, norm, { pool: true });
  const [dy, dScale, dShift] = run(PLANAR_NORM_GRADIENT, { ...norm, dy: place(z.shape, 5) }, { pool: true });
  const [dx] = run(INPUT_GRADIENT, { dy, w }, { shape });
  const [dw] = run(FILTER_GRADIENT, { x, dy }, { shape });
  const [points] = run(PACK_WEIGHTS, { w }, { shape });
  const answering = { packed: points, bias: place([5], 23) };
  const [answers] = run(PACKED_CONVOLUTION, { ...answering, x }, { shape });
  const [fewCells] = run(
    PACKED_CONVOLUTION,
    { ...answering, x: place([7, 3, 4, 6, 6], 24) },
    { shape, pool: true },
  );
  const [product] = run('BatchMatMul', { a: place([200, 70], 6), b: place([70, 150], 7) }, {});
  const head = { shape: { group: 'D4', size: 6, fields: 5 } };
  const [weights] = run(ORBIT_WEIGHTS, { w: place([180, 70], 8) }, head);
  const orbit = { x: place([11, 180], 9), weights, bias: place([70], 10) };
  const [hidden, responses, components] = run(ORBIT_HIDDEN, orbit, head);
  const arriving = { dy: place([11, 70], 11), hidden, responses };
  const [gradient, dBias] = run(ORBIT_RESPONSE_GRADIENT, arriving, head);
  const [dPattern] = run(ORBIT_WEIGHT_GRADIENT, { maps: components, gradient }, head);
  const [dMaps] = run(ORBIT_MAP_GRADIENT, { weights, gradient }, head);
  const weight = { shape: [70, 130], data: Int8Array.from(noise(70 * 130, 12), (value) => 127 * value) };
  const [packed] = run(PACK_INTEGERS, {}, { weight });
  const rounding = { outputs: 130, scale: 0.01, range: 'batch' };
  const [integers] = run(INTEGER_PRODUCT, { x: place([90, 70], 13), packed }, rounding);
  const moved = { w: place([20_000], 14), gradient: place([20_000], 15), m: place([20_000], 16) };
  const rates = { weightDecay: 0.01, beta1: 0.9, beta2: 0.999, rate: 0.1, correction2: 0.5, shrink: 0.9 };
  const v = place([20_000], 17);
  kernels.floats(v.address, 20_000).set(noise(20_000, 17).map(Math.abs));
  const adam = run(ADAM, { ...moved, v }, rates);
  const heads = { tokens: 13, heads: 3 };
  const qkv = place([52, 45], 18);
  const [mixed, shares] = run(attentionKernel.name, { input0: qkv }, heads);
  const slopes = { input0: qkv, input1: shares, input2: place([52, 15], 19) };
  const [dQkv] = run(attentionGradientKernel.name, slopes, heads);
  const rows = place([1200, 30], 20);
  const [active] = run(geluKernel.name, { input0: rows }, {});
  const [dActive] = run(geluGradientKernel.name, { input0: rows, input1: active }, {});
  const perChannel = { input0: rows, input1: place([30], 21), input2: place([30], 22) };
  const [levelled] = run(layerNormKernel.name, perChannel, {});
  const dLevelled = run(layerNormGradientKernel.name, { ...perChannel, input2: active }, {});
  const [map] = run(FIELD_WEIGHTS, { w: place([3, 8, 5], 24) }, { group: 'D4' });
  const inFields = { x: place([1200, 24], 23), weights: map, b: place([5], 25) };
  const [turned, parts] = run(FIELD_LINEAR, inFields, { group: 'D4' });
  const back = { dy: turned, components: parts, weights: map };
  const dTurned = run(FIELD_LINEAR_GRADIENT, back, { group: 'D4' });
  const all = [y, mean, variance, z, dy, dScale, dShift, dx, dw, product];
  all.push(answers, fewCells, hidden, dBias, dPattern, dMaps, integers, ...adam);
  all.push(mixed, shares, dQkv, active, dActive, levelled, ...dLevelled, turned, ...dTurned);
  const numbers = all.map((each) => backend.values(each).join());
  kernels.end();
  return numbers.join(';');
}

test('the same bits with 1, 2, 3 and 8 threads', async () => {
  const one = await layerWith(1);
  expect(one).not.toContain('NaN');
  for (const threads of [2, 3, 8]) expect(await layerWith(threads)).toBe(one);
  // With half of them at rest: alone, alone beside two, and by four.
  for (const threads of [2, 3, 8]) expect(await layerWith(threads, true)).toBe(one);
  for (const working of [1, 2, 99]) expect(await layerWith(3, working)).toBe(one);
});

test('threads that never start leave one, and the reason', async () => {
  const silent = () => ({ ready: Promise.reject(new Error('this host has none to spare')), end: () => {} });
  const kernels = await Kernels.start({ ...nodeKernels, startThread: silent }, 4);
  expect([kernels.threads, kernels.oneThreadBecause]).toEqual([1, 'this host has none to spare']);
});

test('threads that say they are there and do not answer are not waited for', async () => {
  const deaf = () => ({ ready: Promise.resolve(), end: () => {} });
  const kernels = await Kernels.start({ ...nodeKernels, startThread: deaf }, 2);
  expect([kernels.threads, kernels.oneThreadBecause]).toEqual([1, 'its threads do not answer']);
});

test('memory is given back: after many steps of the same shapes there is as much as after the first', async () => {
  const kernels = await Kernels.start(nodeKernels, 1);
  const round = () => {
    const blocks = [1000, 64, 12_345, 7].map((bytes) => kernels.heap.allocate(bytes));
    for (const block of [blocks[2], blocks[0], blocks[3], blocks[1]]) kernels.heap.release(block);
  };
  round();
  const { bytes, blocks } = kernels.heap;
  for (let i = 0; i < 200; i++) round();
  expect([kernels.heap.bytes, kernels.heap.blocks]).toEqual([bytes, blocks]);
});

test('LAB_THREADS says how many, and nonsense is refused', () => {
  expect(wantedThreads('3')).toBe(3);
  expect(wantedThreads(undefined)).toBeGreaterThanOrEqual(1);
  for (const given of ['0', '-1', '1.5', 'all', '65'])
    expect(() => wantedThreads(given)).toThrow(/LAB_THREADS/);
});
