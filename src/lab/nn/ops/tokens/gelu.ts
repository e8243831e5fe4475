/**
 * GELU(x) = x·Φ(x), Φ the standard normal distribution function ½(1 + erf(x/√2)): not the approximation by tanh.
 * Its slope is Φ(x) + x·φ(x).
 */
import { exp } from '../../../elementary';
import { erf } from '../../../errorFunction';
import { canRun, type HostKernel, registerHostKernel, runHostKernel } from '../../../runtime/hostKernel';
import * as tf from '../../../runtime/tf';
import { GELU, GELU_GRADIENT } from './names';

/** 1/√(2π) */
const DENSITY = 0.3989422804014327;

export const geluKernel: HostKernel = {
  name: GELU,
  shapes: ([x]) => [[...x]],
  compute: ([x], [y]) => {
    for (let i = 0; i < x.length; i++) y[i] = x[i] * distribution(x[i]);
  },
};

export const geluGradientKernel: HostKernel = {
  name: GELU_GRADIENT,
  shapes: ([x]) => [[...x]],
  compute: ([x, dy], [dx]) => {
    for (let i = 0; i < x.length; i++) {
      const value = x[i];
      dx[i] = dy[i] * (distribution(value) + value * DENSITY * exp(-0.5 * value * value));
    }
  },
};

for (const kernel of [geluKernel, geluGradientKernel]) registerHostKernel(kernel);

const distribution = (x: number): number => 0.5 * (1 + erf(x * Math.SQRT1_2));

/** GELU of every number, differentiable. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: activated(input as tf.Tensor),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => gradientOf(saved, dy),
    };
  })(x) as T;
}

function activated(x: tf.Tensor): tf.Tensor {
  if (canRun(geluKernel)) return runHostKernel(geluKernel, [x])[0];
  return tf.mul(x, distributionOf(x));
}

function gradientOf(x: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (canRun(geluGradientKernel)) return runHostKernel(geluGradientKernel, [x, dy])[0];
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), DENSITY);
  return tf.mul(dy, tf.add(distributionOf(x), tf.mul(x, density)));
}

const distributionOf = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
