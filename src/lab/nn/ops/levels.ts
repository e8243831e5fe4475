/**
 * PyTorch's dynamic quantisation of a dense layer, number for number: weights in int8 with one symmetric scale per
 * matrix (MinMaxObserver), activations in 7 bits with a scale and a zero point from their range (`reduce_range`, as
 * its fbgemm engine asks for: ATen/native/quantized, ChooseQuantizationParams).
 */

const { fround } = Math;

/** Weights in integers: w ≈ scale · q. */
export interface QuantisedWeights {
  readonly data: Int8Array;
  /** A float32 number. */
  readonly scale: number;
}

/** The smallest weight scale PyTorch chooses: float32's epsilon; it takes the place of 0 for a matrix of zeros. */
const LEAST_WEIGHT_SCALE = 2 ** -23;

/** s = max|W|/127.5, q = clamp(round-half-even(W · fround(1/s)), −128, 127). */
export function quantiseMatrix(weights: Float32Array): QuantisedWeights {
  const scale = Math.max(fround(largestMagnitude(weights) / 127.5), LEAST_WEIGHT_SCALE);
  const inverse = fround(1 / scale);
  const data = Int8Array.from(weights, (w) => clamp(roundHalfEven(fround(w * inverse)), -128, 127));
  return { data, scale };
}

/** The highest level of an activation; the lowest is 0. */
export const HIGHEST_LEVEL = 127;

/** Activations in levels: x ≈ scale · (level − zeroPoint), 0 exactly. */
export interface LevelScale {
  /** A float32 number. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** The smallest scale of activations PyTorch chooses. */
export const LEAST_ACTIVATION_SCALE = fround(6.1e-5);
/** Where there is nothing but zeros. */
export const SCALE_OF_ZEROS = 0.1;

/** The levels' scale and zero point for activations between `low` and `high`; the range is widened to include 0. */
export function levelScale(low: number, high: number): LevelScale {
  const min = Math.min(low, 0);
  const step = (Math.max(high, 0) - min) / HIGHEST_LEVEL;
  const vanishes = fround(step) === 0 || fround(1 / fround(step)) === Number.POSITIVE_INFINITY;
  const scale = vanishes ? SCALE_OF_ZEROS : step;
  return {
    // A range too narrow for the least scale is widened on both sides alike, which leaves the zero point where it is.
    scale: Math.max(fround(scale), LEAST_ACTIVATION_SCALE),
    zeroPoint: clamp(roundHalfEven((0 - min) / scale), 0, HIGHEST_LEVEL),
  };
}

/** The level of each activation. */
export function toLevels(values: Float32Array, { scale, zeroPoint }: LevelScale): Uint8Array {
  const inverse = fround(1 / scale);
  const levels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    // ReLU leaves many zeros, whose level is known.
    levels[i] =
      values[i] === 0
        ? zeroPoint
        : clamp(roundHalfEven(fround(values[i] * inverse)) + zeroPoint, 0, HIGHEST_LEVEL);
  }
  return levels;
}

/** To the nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const up = Math.round(x);
  return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up;
}

export function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}
