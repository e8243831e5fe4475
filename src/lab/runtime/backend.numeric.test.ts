import { expect, test } from 'vitest';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { testPlatform } from '../testing/platform';
import * as tf from './tf';

describeOnBackends('a backend', (backend) => {
  forbidLeaks();

  test('is reported by name, with its adapter and the reason', async () => {
    const report = await testPlatform().start(backend);
    expect(report.backend).toBe(backend);
    expect(report.adapter).not.toBe('');
    expect(report.reason).toMatch(/was asked for by name/);
    expect(report.considered).toEqual([{ backend, verdict: `runs on ${report.adapter}` }]);
  });

  test('multiplies matrices exactly on small whole numbers', async () => {
    // 3×40 by 40×2, so that WebGPU takes its real kernels.
    const a = Array.from({ length: 120 }, (_, i) => (i % 7) - 3);
    const b = Array.from({ length: 80 }, (_, i) => (i % 5) - 2);
    const expected = [0, 1, 2].flatMap((row) =>
      [0, 1].map((col) => {
        let sum = 0;
        for (let k = 0; k < 40; k++) sum += a[row * 40 + k] * b[k * 2 + col];
        return sum;
      }),
    );
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [3, 40]), tf.tensor2d(b, [40, 2])));
    expect(Array.from(await product.data())).toEqual(expected);
    product.dispose();
  });

  test('convolves with zero padding', async () => {
    // A 3×3 filter of ones counts the pixels under it: 4 in a corner, 6 on an edge, 9 inside.
    const counts = tf.tidy(() =>
      tf.conv2d(tf.ones([1, 4, 4, 1]) as tf.Tensor4D, tf.ones([3, 3, 1, 1]), 1, 1),
    );
    const expected = [4, 6, 6, 4, 6, 9, 9, 6, 6, 9, 9, 6, 4, 6, 6, 4];
    const found = await counts.data();
    for (const [i, count] of expected.entries()) expect(found[i]).toBeCloseTo(count, 4);
    counts.dispose();
  });

  test('has gradients', async () => {
    const slope = tf.tidy(() => tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, -2, 3])));
    expect(Array.from(await slope.data())).toEqual([2, -4, 6]);
    slope.dispose();
  });
});
