/** How alike the weights of units are, each pair in its best mutual orientation. */
import { requireFinite } from '../../finite';
import * as tf from '../../runtime/tf';
import type { UnitFilters } from './filters';

/**
 * max_g ⟨w_i, g·w_j⟩ of every pair, units × units. On the backend: for 512 neurons of 2,048 weights in four orientations
 * these are two thousand million products.
 */
export async function overlapsOf({ units, width, patterns, actions }: UnitFilters): Promise<Float64Array> {
  const largest = tf.tidy(() => {
    const rows = tf.tensor2d(patterns, [units, width]);
    const columns = tf.transpose(rows) as tf.Tensor2D;
    return actions
      .map((source) => tf.matMul(rows, tf.gather(columns, tf.tensor1d(Int32Array.from(source), 'int32'))))
      .reduce((a, b) => tf.maximum(a, b));
  });
  try {
    return Float64Array.from(
      requireFinite((await largest.data()) as Float32Array, 'Products of its weights'),
    );
  } finally {
    largest.dispose();
  }
}
