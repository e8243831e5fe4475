import { describe, expect, test } from 'vitest';
import * as tf from '../../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise, relativeToRange } from '../../testing/tiny';
import { convolve } from './convolution';
import { expandFilters } from './expand';
import { fieldMoments, LINEAR, normClip, normReluPool, RELU6 } from './fieldNorm';
import { multiply } from './matmul';
import { splitMax, splitMaxPool } from './maxima';
import { turnAll } from './orientations';
import { permute } from './permute';

type Loss = (...inputs: tf.Tensor[]) => tf.Tensor;

const tensor = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );

/** Gradients of Σ weights·f(inputs), with fixed arbitrary weights so that nothing cancels. */
async function gradientsOf(f: Loss, inputs: tf.Tensor[]): Promise<Float32Array[]> {
  const loss: Loss = (...xs) => {
    const value = f(...xs);
    return tf.sum(tf.mul(value, tensor(value.shape, 99)));
  };
  const gradients = tf.grads(loss as (...args: tf.Tensor[]) => tf.Scalar)(inputs);
  const values = await Promise.all(gradients.map(async (g) => Float32Array.from(await g.data())));
  tf.dispose(gradients);
  return values;
}

/** Compares gradients of our operation with those of another formulation. */
async function expectSameGradients(ours: Loss, theirs: Loss, inputs: tf.Tensor[], tolerance = 1e-4) {
  const [a, b] = [await gradientsOf(ours, inputs), await gradientsOf(theirs, inputs)];
  a.forEach((gradient, i) => {
    expect(relativeToRange(gradient, b[i]), `gradient ${i}`).toBeLessThan(tolerance);
  });
  tf.dispose(inputs);
}

describeOnBackends('gradients', (backend) => {
  forbidLeaks();

  for (const kernel of [1, 3, 5]) {
    test(`convolution ${kernel}×${kernel}: filter and input gradients equal central differences`, async () => {
      const x = tensor([2, 6, 6, 2], 1);
      const w = tensor([kernel, kernel, 2, 3], 2);
      const [dx, dw] = await gradientsOf((a, b) => convolve(a as tf.Tensor4D, b as tf.Tensor4D), [x, w]);
      // The loss is linear in each argument, so a difference over a unit step is exact up to rounding.
      const lossAt = async (a: tf.Tensor, b: tf.Tensor) => {
        const loss = tf.tidy(() => {
          const y = tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same');
          return tf.sum(tf.mul(y, tensor(y.shape, 99)));
        });
        const value = (await loss.data())[0];
        loss.dispose();
        return value;
      };
      const base = await lossAt(x, w);
      const bumped = async (t: tf.Tensor, at: number) => {
        const values = Float32Array.from(await t.data());
        values[at] += 1;
        return tf.tensor(values, t.shape);
      };
      for (const at of [0, 17, x.size - 1]) {
        const moved = await bumped(x, at);
        expect(Math.abs((await lossAt(moved, w)) - base - dx[at])).toBeLessThan(1e-4 * 20);
        moved.dispose();
      }
      for (const at of [0, 3, w.size - 1]) {
        const moved = await bumped(w, at);
        expect(Math.abs((await lossAt(x, moved)) - base - dw[at])).toBeLessThan(1e-4 * 20);
        moved.dispose();
      }
      tf.dispose([x, w]);
    });
  }

  // tfjs's own filter gradient does not exist on WASM.
  test.skipIf(backend === 'wasm')('convolution: the same as tfjs’s own', async () => {
    for (const kernel of [1, 3, 5]) {
      await expectSameGradients(
        (x, w) => convolve(x as tf.Tensor4D, w as tf.Tensor4D),
        (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
        [tensor([2, 6, 6, 3], 3), tensor([kernel, kernel, 3, 4], 4)],
      );
    }
  });

  test('convolution of a constant input: the filter gradient is the same', async () => {
    const x = tensor([2, 6, 6, 3], 5) as tf.Tensor4D;
    await expectSameGradients(
      (w) => convolve(x, w as tf.Tensor4D, 'input'),
      (w) => convolve(x, w as tf.Tensor4D),
      [tensor([3, 3, 3, 4], 6)],
      1e-6,
    );
    x.dispose();
  });

  test('matrix product: the same as tfjs’s own', async () => {
    await expectSameGradients(
      (x, w) => multiply(x as tf.Tensor2D, w as tf.Tensor2D),
      (x, w) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
      [tensor([5, 7], 7), tensor([7, 3], 8)],
    );
  });

  test('filter expansion: each free weight collects its |G| copies', async () => {
    const shape = { group: 'C4', kernel: 3, fieldsIn: 2, sizeIn: 4, fieldsOut: 2 } as const;
    for (const [filters, basis] of [
      ['grid', 9],
      ['steerable', 6],
    ] as const) {
      const free = tensor([basis, 2, 4, 2], 9);
      const [gradient] = await gradientsOf((w) => expandFilters(w, shape, filters), [free]);
      // The bank is linear in the weights: bumping one by 1 moves the loss by its gradient.
      const bumped = async (at: number) => {
        const values = new Float32Array(free.size);
        values[at] = 1;
        const bank = tf.tidy(() => {
          const value = expandFilters(tf.tensor(values, free.shape), shape, filters);
          return tf.sum(tf.mul(value, tensor(value.shape, 99)));
        });
        const value = (await bank.data())[0];
        bank.dispose();
        return value;
      };
      for (const at of [0, 13, free.size - 1]) expect(await bumped(at)).toBeCloseTo(gradient[at], 4);
      free.dispose();
    }
  });

  test('reordering: the gradient is reordered back', async () => {
    const x = tensor([2, 3, 2], 10);
    const [gradient] = await gradientsOf((value) => permute(value, [2, 0, 1], 1), [x]);
    const weights = tensor([2, 3, 2], 99);
    const upright = tf.tidy(() => tf.gather(weights, tf.tensor1d([1, 2, 0], 'int32'), 1));
    expect(relativeToRange(gradient, await upright.data())).toBeLessThan(1e-6);
    tf.dispose([x, weights, upright]);
  });

  test('all turns at once: those of one after the other, and their gradients added', async () => {
    const x = tensor([3, 4 * 2], 12);
    const sources = [
      [0, 1, 2, 3],
      [2, 0, 3, 1],
      [3, 2, 1, 0],
    ];
    const oneByOne: Loss = (value) => {
      const maps = tf.reshape(value, [3, 4, 2]);
      return tf.concat(sources.map((source) => tf.reshape(permute(maps, source, 1), [3, 8])));
    };
    const atOnce: Loss = (value) => turnAll(value as tf.Tensor2D, sources, 2);
    const [a, b] = tf.tidy(() => [atOnce(x), oneByOne(x)]);
    expect(Array.from(await a.data())).toEqual(Array.from(await b.data()));
    tf.dispose([a, b]);
    await expectSameGradients(atOnce, oneByOne, [x], 1e-6);
  });

  describe('maxima', () => {
    test('of distinct values take the whole gradient, as tfjs’s', async () => {
      await expectSameGradients(
        (x) => splitMax(x as tf.Tensor3D),
        (x) => tf.max(x, 1),
        [tensor([3, 4, 5], 11)],
      );
    });

    test('split it evenly on ties', async () => {
      const x = tf.tensor3d([1, 1, 0, 2, 1, 2], [1, 6, 1]);
      const [gradient] = await gradientsOf((value) => splitMax(value as tf.Tensor3D), [x]);
      expect(gradient[3]).toBeCloseTo(gradient[5], 6);
      expect(Math.abs(gradient[3])).toBeGreaterThan(0.01);
      expect(Array.from(gradient.subarray(0, 3))).toEqual([0, 0, 0]);
      const uniform = tf.ones([1, 4, 4, 1]) as tf.Tensor4D;
      const [pooled] = await gradientsOf((value) => splitMaxPool(value as tf.Tensor4D), [uniform]);
      // Every 2×2 cell ties four times: each element gets a quarter of its cell's gradient.
      const weights = noise(4, 99);
      pooled.forEach((value, i) => {
        const cell = Math.floor(i / 8) * 2 + Math.floor((i % 4) / 2);
        expect(value).toBeCloseTo(weights[cell] / 4, 6);
      });
      tf.dispose([x, uniform]);
    });
  });
});

describeOnBackends('field norm', (backend) => {
  forbidLeaks();
  const fused = backend === 'cpu' || backend === 'wasm';

  for (const order of [1, 4, 8]) {
    for (const pool of [false, true]) {
      // On WebGPU channels on their own have programs.
      const ours = fused || (order === 1 && !pool) ? 'fused' : 'composed';
      test(`|G| = ${order}${pool ? ', pooled' : ''}: gradients equal those through tfjs's own operations`, async () => {
        const fields = 2;
        const x = tensor([2, 4, 4, fields * order], 20);
        const scale = tf.tensor1d([0.7, -1.3]);
        const shift = tf.tensor1d([0.2, 0.4]);
        const perChannel = (t: tf.Tensor) =>
          tf.reshape(tf.mul(tf.expandDims(t, 1), tf.ones([fields, order])), [fields * order]);
        const throughTfjs: Loss = (input, gain, offset) => {
          const byField = tf.reshape(input, [-1, fields, order]);
          const mean = tf.mean(byField, [0, 2]);
          const centred = tf.sub(input, perChannel(mean));
          const variance = tf.mean(tf.reshape(tf.square(centred), [-1, fields, order]), [0, 2]);
          const inverse = tf.rsqrt(tf.add(variance, 1e-5));
          const z = tf.add(
            tf.mul(tf.mul(centred, perChannel(inverse)), perChannel(gain)),
            perChannel(offset),
          );
          const active = tf.relu(z) as tf.Tensor4D;
          return pool ? splitMaxPool(active) : active;
        };
        const throughOurs: Loss = (input, gain, offset) => {
          const moments = fieldMoments(input as tf.Tensor4D, order, ours);
          return normReluPool(
            input as tf.Tensor4D,
            gain as tf.Tensor1D,
            offset as tf.Tensor1D,
            moments,
            pool,
            ours,
          );
        };
        await expectSameGradients(throughOurs, throughTfjs, [x, scale, shift]);
      });

      test.runIf(fused)(
        `|G| = ${order}${pool ? ', pooled' : ''}: fused and composed forms agree`,
        async () => {
          const form =
            (which: 'fused' | 'composed'): Loss =>
            (input, gain, offset) =>
              normReluPool(
                input as tf.Tensor4D,
                gain as tf.Tensor1D,
                offset as tf.Tensor1D,
                fieldMoments(input as tf.Tensor4D, order, which),
                pool,
                which,
              );
          const inputs = [
            tensor([2, 4, 4, 2 * order], 21),
            tf.tensor1d([0.7, -1.3]),
            tf.tensor1d([0.2, 0.4]),
          ];
          const [a, b] = tf.tidy(() => [form('fused')(...inputs), form('composed')(...inputs)]);
          expect(relativeToRange(await a.data(), await b.data())).toBeLessThan(1e-5);
          tf.dispose([a, b]);
          await expectSameGradients(form('fused'), form('composed'), inputs);
        },
      );
    }
  }

  for (const [name, clip] of [
    ['ReLU6', RELU6],
    ['no activation', LINEAR],
  ] as const) {
    const cases = [
      ['fused', 2],
      ['fused', 23],
      ['composed', 2],
    ] as const;
    test.each(cases)(
      `norm and ${name}: the %s gradient of %i channels equals that through tfjs's own operations`,
      async (form, channels) => {
        const x = tensor([3, 3, 3, channels], 31);
        // Scaled up, so that a part of z lies below 0 and a part above 6.
        const [scale, shift] = [
          [5, -4],
          [2, 3],
        ].map((pair) => tf.tensor1d(Array.from({ length: channels }, (_, c) => pair[c % 2])));
        const ours: Loss = (input, gain, offset) =>
          normClip(
            input as tf.Tensor4D,
            gain as tf.Tensor1D,
            offset as tf.Tensor1D,
            fieldMoments(input as tf.Tensor4D, 1, form),
            clip,
            form,
          );
        const theirs: Loss = (input, gain, offset) => {
          const centred = tf.sub(input, tf.mean(input, [0, 1, 2]));
          const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), [0, 1, 2]), 1e-5));
          const z = tf.add(tf.mul(tf.mul(centred, inverse), gain), offset);
          return clip === LINEAR ? z : tf.clipByValue(z, 0, 6);
        };
        const [a, b] = tf.tidy(() => [ours(x, scale, shift), theirs(x, scale, shift)]);
        const values = await b.data();
        expect(relativeToRange(await a.data(), values)).toBeLessThan(1e-5);
        if (clip === RELU6) for (const edge of [0, 6]) expect(values).toContain(edge);
        tf.dispose([a, b]);
        await expectSameGradients(ours, theirs, [x, scale, shift]);
      },
    );
  }
});
