/**
 * A dense layer's product in integers: activations to levels, int8 × uint8 summed up in int32, and back to floats by
 * the product of both scales. The bias is added by the caller, as floats.
 */
import { hasHostKernels } from '../../runtime/hostKernel';
import { isOwn } from '../../runtime/kernels/backend';
import * as tf from '../../runtime/tf';
import { usesPrograms } from '../../runtime/webgpu/program';
import type { Int8 } from '../arch';
import type { Int8Param } from '../model';
import { HIGHEST_LEVEL, LEAST_ACTIVATION_SCALE, levelScale, toLevels } from './levels';
import { ownIntegerProduct, packIntegers } from './ownInt8';

const { fround } = Math;

/** Inputs a layer may have without overflowing an int32 sum. */
export const MOST_INPUTS = Math.floor((2 ** 31 - 1) / (HIGHEST_LEVEL * 128));

export interface Int8Product {
  /** [N, in] → [N, out]. */
  product(x: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/** weight: [in, out]. `range`: what shares one range of activations, all rows of a call or each row alone. */
export function openInt8Product(weight: Int8Param, scale: number, range: Int8['range']): Int8Product {
  if (isOwn() || usesPrograms()) return openOwn(weight, scale, range);
  if (!hasHostKernels()) return openOnDevice(weight, scale, range);
  return {
    // On these backends the data lie in this thread's memory, so reading them waits for nothing.
    product: (x) =>
      tf.tensor2d(integerProduct(x.dataSync<'float32'>(), weight, scale, range), [
        x.shape[0],
        weight.shape[1],
      ]),
    dispose: () => {},
  };
}

function openOwn(weight: Int8Param, scale: number, range: Int8['range']): Int8Product {
  const packed = packIntegers(weight);
  const attrs = { outputs: weight.shape[1], scale, range };
  return {
    product: (x) => ownIntegerProduct(x, packed, attrs),
    dispose: () => packed.dispose(),
  };
}

/** The product on plain arrays, by which every other form is measured. x: rows × in. */
export function integerProduct(
  x: Float32Array,
  { shape: [inputs, outputs], data }: Int8Param,
  weightScale: number,
  range: Int8['range'],
): Float32Array {
  const rows = x.length / inputs;
  const out = new Float32Array(rows * outputs);
  const perRange = range === 'tile' ? 1 : rows;
  for (let first = 0; first < rows; first += perRange) {
    const values = x.subarray(first * inputs, (first + perRange) * inputs);
    const [low, high] = bounds(values);
    const level = levelScale(low, high);
    const sums = multiply(toLevels(values, level), level.zeroPoint, data, inputs, outputs);
    const scale = fround(level.scale * weightScale);
    for (let i = 0; i < sums.length; i++) out[first * outputs + i] = fround(sums[i]) * scale;
  }
  return out;
}

/** Σ (level − zero point) · weight, rows × out. */
function multiply(
  levels: Uint8Array,
  zeroPoint: number,
  weight: Int8Array,
  inputs: number,
  outputs: number,
): Int32Array {
  const rows = levels.length / inputs;
  const sums = new Int32Array(rows * outputs);
  for (let r = 0; r < rows; r++) {
    const sum = sums.subarray(r * outputs, (r + 1) * outputs);
    for (let i = 0; i < inputs; i++) {
      const value = levels[r * inputs + i] - zeroPoint;
      if (value === 0) continue;
      const from = i * outputs;
      for (let o = 0; o < outputs; o++) sum[o] += value * weight[from + o];
    }
  }
  return sums;
}

function bounds(values: Float32Array): [number, number] {
  let [low, high] = [0, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Inputs whose products add up to less than 2²⁴, below which float32 holds every integer. */
const EXACT_INPUTS = Math.floor(2 ** 24 / (HIGHEST_LEVEL * 128));

/**
 * The same where there is no int8 arithmetic and no reading back in time (WebGL): integers held in floats, in pieces
 * short enough for exact sums. Only the levels may differ from the other form's, where a GPU divides less exactly.
 */
export function openOnDevice(
  { shape: [inputs, outputs], data }: Int8Param,
  weightScale: number,
  range: Int8['range'],
): Int8Product {
  const starts = Array.from({ length: Math.ceil(inputs / EXACT_INPUTS) }, (_, i) => i * EXACT_INPUTS);
  const pieces = starts.map((start) => {
    const rows = Math.min(EXACT_INPUTS, inputs - start);
    const integers = Float32Array.from(data.subarray(start * outputs, (start + rows) * outputs));
    return tf.tensor2d(integers, [rows, outputs]);
  });
  return {
    product: (x) =>
      tf.tidy(() => {
        const { centred, scale } = centredLevels(x, range);
        const sums = pieces.map((piece, i) => {
          const part = tf.slice(centred, [0, starts[i]], [x.shape[0], piece.shape[0]]);
          return tf.cast(tf.matMul(part, piece), 'int32');
        });
        const sum = sums.reduce((a, b) => tf.add(a, b));
        return tf.mul(tf.cast(sum, 'float32'), tf.mul(scale, weightScale)) as tf.Tensor2D;
      }),
    dispose: () => tf.dispose(pieces),
  };
}

/** level − zero point of every activation, and the levels' scale ([1, 1], or [N, 1] for a range per row). */
function centredLevels(x: tf.Tensor2D, range: Int8['range']): { centred: tf.Tensor2D; scale: tf.Tensor } {
  const axes = range === 'tile' ? [1] : [0, 1];
  const min = tf.minimum(tf.min(x, axes, true), 0);
  const max = tf.maximum(tf.max(x, axes, true), 0);
  const step = tf.div(tf.sub(max, min), HIGHEST_LEVEL);
  const scale = tf.maximum(step, LEAST_ACTIVATION_SCALE);
  // Where there is nothing but zeros, any divisor gives the zero point 0.
  const zeroPoint = tf.round(tf.neg(tf.div(min, tf.maximum(step, 1e-30))));
  const levels = tf.add(tf.round(tf.mul(x, tf.div(1, scale))), zeroPoint);
  return { centred: tf.sub(tf.clipByValue(levels, 0, HIGHEST_LEVEL), zeroPoint) as tf.Tensor2D, scale };
}
