import { expect, test } from 'vitest';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise } from '../../testing/tiny';
import * as tf from '../tf';

describeOnBackends('sums and products', () => {
  forbidLeaks();

  test('of one shape and of two, of floats and of whole numbers', async () => {
    for (const length of [1, 6, 16_384, 16_391]) {
      const [a, b] = [noise(length, 1), noise(length, 2)];
      const pair = () => [tf.tensor1d(a), tf.tensor1d(b)] as const;
      const [sum, product] = tf.tidy(() => [tf.add(...pair()), tf.mul(...pair())]);
      expect(await sum.data()).toEqual(a.map((value, i) => value + b[i]));
      expect(await product.data()).toEqual(a.map((value, i) => value * b[i]));
      tf.dispose([sum, product]);
    }
    const [column, row] = [tf.tensor2d([1, 2], [2, 1]), tf.tensor1d([10, 20])];
    const table = tf.add(column, row);
    expect(Array.from(await table.data())).toEqual([11, 21, 12, 22]);
    const scaled = tf.mul(table, 2);
    expect(Array.from(await scaled.data())).toEqual([22, 42, 24, 44]);
    const whole = tf.tidy(() => tf.add(tf.tensor1d([1, 2], 'int32'), tf.tensor1d([3, 4], 'int32')));
    expect(whole.dtype).toBe('int32');
    expect(Array.from(await whole.data())).toEqual([4, 6]);
    tf.dispose([column, row, table, scaled, whole]);
  });
});
