import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BackendName } from '../../runtime/backend';
import * as tf from '../../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { cases } from '../../testing/properties';
import { noise, relativeToRange } from '../../testing/tiny';
import { convolveInput } from './convolution';
import { type DepthwiseForm, depthwise } from './depthwise';

interface Shape {
  readonly tiles: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: 1 | 2;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  tiles: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 1, max: 7 }),
  // Kernels take sixteen channels at a time, then four, then what is left.
  channels: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 15, max: 37 })),
  kernel: fc.constantFrom(1, 3, 5),
  stride: fc.constantFrom(1, 2),
});

const picture = ({ tiles, height, width, channels }: Shape) =>
  tf.tensor4d(noise(tiles * height * width * channels, 1), [tiles, height, width, channels]);
const filter = ({ kernel, channels }: Shape) =>
  tf.tensor4d(noise(kernel * kernel * channels, 2), [kernel, kernel, channels, 1]);

/** The definition, in float64: the value, and the gradients of Σ weights·value. */
function byDefinition(shape: Shape, x: Float32Array, w: Float32Array, weights?: Float32Array) {
  const { tiles, height, width, channels, kernel, stride } = shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const pad = (kernel - 1) / 2;
  const y = new Float64Array(tiles * rows * columns * channels);
  const [dx, dw] = [new Float64Array(x.length), new Float64Array(w.length)];
  for (let out = 0; out < y.length; out++) {
    const c = out % channels;
    const column = Math.floor(out / channels) % columns;
    const row = Math.floor(out / (channels * columns)) % rows;
    const n = Math.floor(out / (channels * columns * rows));
    for (let i = 0; i < kernel; i++) {
      for (let j = 0; j < kernel; j++) {
        const [py, px] = [row * stride + i - pad, column * stride + j - pad];
        if (py < 0 || py >= height || px < 0 || px >= width) continue;
        const at = ((n * height + py) * width + px) * channels + c;
        const tap = (i * kernel + j) * channels + c;
        y[out] += x[at] * w[tap];
        dx[at] += (weights?.[out] ?? 0) * w[tap];
        dw[tap] += (weights?.[out] ?? 0) * x[at];
      }
    }
  }
  return { y, dx, dw };
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
};

async function checkShape(shape: Shape, form: DepthwiseForm): Promise<void> {
  const [x, w] = [picture(shape), filter(shape)];
  const value = depthwise(x, w, shape.stride, form);
  const weights = noise(value.size, 3);
  const [dx, dw] = tf.grads((a, b) => {
    const y = depthwise(a as tf.Tensor4D, b as tf.Tensor4D, shape.stride, form);
    return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
  })([x, w]);
  const expected = byDefinition(shape, noise(x.size, 1), noise(w.size, 2), weights);
  expect(largestDifference(await value.data(), expected.y)).toBeLessThan(1e-5);
  expect(largestDifference(await dx.data(), expected.dx)).toBeLessThan(1e-5);
  expect(largestDifference(await dw.data(), expected.dw)).toBeLessThan(1e-4);
  tf.dispose([x, w, value, dx, dw]);
}

describeOnBackends('depthwise convolution', (backend) => {
  forbidLeaks();
  const FORMS: Partial<Record<BackendName, DepthwiseForm[]>> = {
    webgpu: ['own', 'composed'],
    wasm: ['own', 'loop', 'composed'],
    cpu: ['loop', 'composed'],
  };

  for (const form of FORMS[backend]!) {
    test(`${form}: value and both gradients equal the definition for any shape and stride`, async () => {
      // SwiftShader compiles a shader for every new shape, so WebGPU gets two.
      if (backend === 'webgpu') {
        const shape = { tiles: 2, height: 4, width: 5, channels: 3, kernel: 3 };
        await checkShape({ ...shape, stride: 1 }, form);
        await checkShape({ ...shape, kernel: 5, stride: 2 }, form);
        // More channels than lanes, and more pixels than a chunk has.
        if (form === 'own') {
          await checkShape({ tiles: 3, height: 9, width: 7, channels: 70, kernel: 3, stride: 2 }, form);
          await checkShape({ tiles: 40, height: 4, width: 3, channels: 5, kernel: 5, stride: 1 }, form);
        }
        return;
      }
      await fc.assert(
        fc.asyncProperty(shapes, (shape) => checkShape(shape, form)),
        { numRuns: cases(40), seed: 1 },
      );
    });
  }

  // tfjs has neither of its own gradients on WASM.
  test.skipIf(backend === 'wasm')('the gradients are the same as tfjs’s own', async () => {
    for (const stride of [1, 2] as const) {
      const shape = { tiles: 2, height: 5, width: 5, channels: 3, kernel: 3, stride };
      const [x, w] = [picture(shape), filter(shape)];
      const weights = tf.tensor(noise(2 * Math.ceil(5 / stride) ** 2 * 3, 4), [
        2,
        Math.ceil(5 / stride),
        Math.ceil(5 / stride),
        3,
      ]);
      const [ours, theirs] = [
        (a: tf.Tensor, b: tf.Tensor) => depthwise(a as tf.Tensor4D, b as tf.Tensor4D, stride),
        (a: tf.Tensor, b: tf.Tensor) => tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 1),
      ].map((f) => tf.grads((a, b) => tf.sum(tf.mul(f(a, b), weights)))([x, w]));
      for (const i of [0, 1]) {
        expect(relativeToRange(await ours[i].data(), await theirs[i].data())).toBeLessThan(1e-5);
      }
      tf.dispose([x, w, weights, ...ours, ...theirs]);
    }
  });

  test('a strided convolution of pictures: the filter gradient equals central differences', async () => {
    // Linear in the filter, so a difference over a unit step is exact up to rounding.
    for (const [kernel, size] of backend === 'webgpu'
      ? [[3, 6]]
      : [
          [3, 6],
          [3, 7],
          [5, 8],
          [1, 4],
        ]) {
      const x = tf.tensor4d(noise(2 * size * size * 2, 5), [2, size, size, 2]);
      const w = tf.tensor4d(noise(kernel * kernel * 2 * 3, 6), [kernel, kernel, 2, 3]);
      const half = Math.ceil(size / 2);
      const weights = tf.tensor4d(noise(2 * half * half * 3, 7), [2, half, half, 3]);
      const loss = (f: tf.Tensor) => tf.sum(tf.mul(convolveInput(x, f as tf.Tensor4D, 2), weights));
      const gradient = tf.grad(loss)(w);
      const values = await gradient.data();
      for (const at of [0, Math.floor(w.size / 2), w.size - 1]) {
        const difference = tf.tidy(() => {
          const step = tf.oneHot(tf.tensor1d([at], 'int32'), w.size);
          return tf.sub(loss(tf.add(w, tf.reshape(step, w.shape))), loss(w));
        });
        expect(Math.abs((await difference.data())[0] - values[at])).toBeLessThan(2e-4);
        difference.dispose();
      }
      tf.dispose([x, w, weights, gradient]);
    }
  });
});
