import { expect, test } from 'vitest';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise } from '../../testing/tiny';
import * as tf from '../tf';

describeOnBackends('sums', () => {
  forbidLeaks();

  test('of one shape and of two, of floats and of whole numbers', async () => {
    for (const length of [1, 6, 16_384, 16_391]) {
      const [a, b] = [noise(length, 1), noise(length, 2)];
      const sum = tf.tidy(() => tf.add(tf.tensor1d(a), tf.tensor1d(b)));
      expect(await sum.data()).toEqual(a.map((value, i) => value + b[i]));
      sum.dispose();
    }
    const [column, row] = [tf.tensor2d([1, 2], [2, 1]), tf.tensor1d([10, 20])];
    const table = tf.add(column, row);
    expect(Array.from(await table.data())).toEqual([11, 21, 12, 22]);
    const whole = tf.tidy(() => tf.add(tf.tensor1d([1, 2], 'int32'), tf.tensor1d([3, 4], 'int32')));
    expect(whole.dtype).toBe('int32');
    expect(Array.from(await whole.data())).toEqual([4, 6]);
    tf.dispose([column, row, table, whole]);
  });
});
