/** Gradients of whole networks, held against differences. */
import { expect } from 'vitest';
import { type Tensors, uploadParams } from '../nn/live';
import type { Params } from '../nn/model';
import * as tf from '../runtime/tf';

/** A step to either side: small against the bends of a loss, large against the rounding of its values. */
const STEP = 2e-3;

/**
 * Expects the gradient of each named parameter to be the central difference of the loss, within 2 % and `rounding`. Compared is
 * the steepest element, where the difference is far above rounding.
 */
export async function expectCentralDifferences(
  params: Params,
  names: readonly string[],
  loss: (params: Tensors) => tf.Scalar,
  rounding: number,
): Promise<void> {
  const live = uploadParams(params);
  const gradients = tf.grads((...values) =>
    loss({ ...live, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) }),
  )(names.map((name) => live[name]));
  for (const [i, name] of names.entries()) {
    const gradient = Float32Array.from(await gradients[i].data());
    const { shape, data } = params[name];
    const at = gradient.reduce((best, g, j) => (Math.abs(g) > Math.abs(gradient[best]) ? j : best), 0);
    const difference = tf.tidy(() => {
      const moved = (by: number) => {
        const values = Float32Array.from(data);
        values[at] += by;
        return loss({ ...live, [name]: tf.tensor(values, [...shape]) });
      };
      return tf.div(tf.sub(moved(STEP), moved(-STEP)), 2 * STEP);
    });
    const [slope] = await difference.data();
    expect(Math.abs(slope - gradient[at]), name).toBeLessThan(0.02 * Math.abs(gradient[at]) + rounding);
    difference.dispose();
  }
  tf.dispose([...gradients, ...Object.values(live)]);
}
