/**
 * Layer norm: every row by its own mean and (biased) variance, y = scale·x̂ + shift with x̂ = (x − mean)/√(variance + ε).
 * With d = dy·scale:  dx = (d − mean(d) − x̂·mean(d·x̂))/√(variance + ε),  dscale = Σ dy·x̂,  dshift = Σ dy over rows.
 */
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../../runtime/hostKernel';
import * as tf from '../../../runtime/tf';
import { LAYER_NORM, LAYER_NORM_GRADIENT } from './names';

/** As in the published vision transformers. */
export const LAYER_EPSILON = 1e-6;

export const layerNormKernel: HostKernel = {
  name: LAYER_NORM,
  shapes: ([x]) => [[...x]],
  compute: ([x, scale, shift], [y], _, [[rows, width]]) => {
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      const { mean, factor } = momentsOf(x, at, width);
      for (let c = 0; c < width; c++) y[at + c] = (x[at + c] - mean) * factor * scale[c] + shift[c];
    }
  },
};

export const layerNormGradientKernel: HostKernel = {
  name: LAYER_NORM_GRADIENT,
  shapes: ([x, scale]) => [[...x], [...scale], [...scale]],
  compute: ([x, scale, dy], [dx, dScale, dShift], _, [[rows, width]]) => {
    const [scales, shifts] = [new Float64Array(width), new Float64Array(width)];
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      const { mean, factor } = momentsOf(x, at, width);
      let [sum, product] = [0, 0];
      for (let c = 0; c < width; c++) {
        const centred = (x[at + c] - mean) * factor;
        const d = dy[at + c] * scale[c];
        sum += d;
        product += d * centred;
        scales[c] += dy[at + c] * centred;
        shifts[c] += dy[at + c];
      }
      sum /= width;
      product /= width;
      for (let c = 0; c < width; c++) {
        const centred = (x[at + c] - mean) * factor;
        dx[at + c] = factor * (dy[at + c] * scale[c] - sum - centred * product);
      }
    }
    dScale.set(scales);
    dShift.set(shifts);
  },
};

for (const kernel of [layerNormKernel, layerNormGradientKernel]) registerHostKernel(kernel);

function momentsOf(x: Float32Array, at: number, width: number): { mean: number; factor: number } {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += x[at + c];
  const mean = sum / width;
  let squares = 0;
  for (let c = 0; c < width; c++) squares += (x[at + c] - mean) * (x[at + c] - mean);
  return { mean, factor: 1 / Math.sqrt(squares / width + LAYER_EPSILON) };
}

/** Layer norm of rows [N, C] with scale and shift [C], differentiable in all three. */
export function layerNorm(x: tf.Tensor2D, scale: tf.Tensor1D, shift: tf.Tensor1D): tf.Tensor2D {
  return tf.customGrad((rows, factor, offset, save) => {
    (save as tf.GradSaveFunc)([rows as tf.Tensor, factor as tf.Tensor]);
    return {
      value: canRun(layerNormKernel)
        ? runHostKernel(layerNormKernel, [rows, factor, offset] as tf.Tensor[])[0]
        : tf.add(tf.mul(centredRows(rows as tf.Tensor).centred, factor as tf.Tensor), offset as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        canRun(layerNormGradientKernel)
          ? runHostKernel(layerNormGradientKernel, [saved[0], saved[1], dy])
          : gradientByOperations(saved[0], saved[1], dy),
    };
  })(x, scale, shift) as tf.Tensor2D;
}

function centredRows(x: tf.Tensor): { centred: tf.Tensor; factor: tf.Tensor } {
  const apart = tf.sub(x, tf.mean(x, 1, true));
  const factor = tf.rsqrt(tf.add(tf.mean(tf.square(apart), 1, true), LAYER_EPSILON));
  return { centred: tf.mul(apart, factor), factor };
}

function gradientByOperations(x: tf.Tensor, scale: tf.Tensor, dy: tf.Tensor): tf.Tensor[] {
  const { centred, factor } = centredRows(x);
  const d = tf.mul(dy, scale);
  const pull = tf.mul(centred, tf.mean(tf.mul(d, centred), 1, true));
  const dx = tf.mul(tf.sub(tf.sub(d, tf.mean(d, 1, true)), pull), factor);
  return [dx, tf.sum(tf.mul(dy, centred), 0), tf.sum(dy, 0)];
}
