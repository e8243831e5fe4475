/**
 * Gates m = 1, one for each tile and unit of maps, and the moments of what passes. Nothing is multiplied: a gate's gradient
 * is ∂L/∂m = Σ a·∂L/∂a over the unit's activations a.
 */
import { type HostKernel, hasHostKernels, registerHostKernel, runHostKernel } from '../../runtime/hostKernel';
import * as tf from '../../runtime/tf';
import type { UnitView } from '../maps/form';

const gateGradientKernel: HostKernel = {
  name: 'OrbitGateGradient',
  shapes: (_, { tiles, units }) => [[Number(tiles), Number(units)]],
  compute: ([x, dy], [out], { tiles, before, units, after }) => {
    const [rows, count, width] = [Number(before), Number(units), Number(after)];
    for (let n = 0, i = 0; n < Number(tiles); n++) {
      const sums = new Float64Array(count);
      for (let row = 0; row < rows; row++) {
        for (let u = 0; u < count; u++) {
          let sum = 0;
          for (const end = i + width; i < end; i++) sum += x[i] * dy[i];
          sums[u] += sum;
        }
      }
      out.set(sums, n * count);
    }
  },
};

const momentsKernel: HostKernel = {
  name: 'OrbitUnitMoments',
  shapes: (_, { units }) => [[2 * Number(units)]],
  compute: ([x], [out], { units, after }) => {
    const [count, width] = [Number(units), Number(after)];
    const [sums, squares] = [new Float64Array(count), new Float64Array(count)];
    for (let i = 0; i < x.length; ) {
      for (let u = 0; u < count; u++) {
        let [sum, square] = [0, 0];
        for (const end = i + width; i < end; i++) {
          sum += x[i];
          square += x[i] * x[i];
        }
        sums[u] += sum;
        squares[u] += square;
      }
    }
    const each = x.length / count;
    for (let u = 0; u < count; u++) {
      const mean = sums[u] / each;
      out[u] = mean;
      out[count + u] = Math.max(0, squares[u] / each - mean * mean);
    }
  },
};

registerHostKernel(gateGradientKernel);
registerHostKernel(momentsKernel);

/** Maps as they are, with their gates [N, units], and [2 × units]: the means, then the variances of every unit. */
export function throughGates(
  x: tf.Tensor,
  gates: tf.Tensor2D,
  view: UnitView,
): { value: tf.Tensor; moments: tf.Tensor } {
  const value = tf.customGrad((input, _, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: tf.clone(input as tf.Tensor),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => [dy, gateGradient(saved, dy, view)],
    };
  })(x, gates);
  return { value, moments: unitMoments(x, view) };
}

function gateGradient(x: tf.Tensor, dy: tf.Tensor, [tiles, before, units, after]: UnitView): tf.Tensor {
  if (hasHostKernels()) return runHostKernel(gateGradientKernel, [x, dy], { tiles, before, units, after })[0];
  return tf.sum(tf.reshape(tf.mul(x, dy), [tiles, before, units, after]), [1, 3]);
}

function unitMoments(x: tf.Tensor, [tiles, before, units, after]: UnitView): tf.Tensor {
  if (hasHostKernels()) return runHostKernel(momentsKernel, [x], { units, after })[0];
  const { mean, variance } = tf.moments(tf.reshape(x, [tiles, before, units, after]), [0, 1, 3]);
  return tf.concat([mean, variance]);
}
