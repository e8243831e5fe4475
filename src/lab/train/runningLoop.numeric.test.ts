import { expect, test } from 'vitest';
import { runHostKernel } from '../runtime/hostKernel';
import * as tf from '../runtime/tf';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { noise } from '../testing/tiny';
import { runningKernel } from './runningLoop';

describeOnBackends('running statistics', (backend) => {
  forbidLeaks();

  test.skipIf(backend === 'webgpu')('in one pass are to the bit those of the operations', async () => {
    const [oldMean, oldVariance, mean, variance] = [1, 2, 3, 4].map((seed) => tf.tensor1d(noise(500, seed)));
    const unbiased = 32 / 31;
    const moved = (old: tf.Tensor, batch: tf.Tensor) => tf.add(tf.mul(old, 1 - 0.1), tf.mul(batch, 0.1));
    const [expected, found] = tf.tidy(() => [
      [moved(oldMean, mean), moved(oldVariance, tf.mul(variance, unbiased))],
      runHostKernel(runningKernel, [oldMean, oldVariance, mean, variance], { momentum: 0.1, unbiased }),
    ]);
    for (const [i, each] of expected.entries()) expect(await found[i].data()).toEqual(await each.data());
    tf.dispose([oldMean, oldVariance, mean, variance, ...expected, ...found]);
  });
});
