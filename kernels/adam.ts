/** One step of Adam, in the order of src/lab/train/adam.ts, every operation rounded to float32 as there. */
import { word } from './convolve';
import { put } from './lanes';

// The words of a job; the numbers from DECAY to CORRECTION2, and SHRINK, are float32.
export const WEIGHTS = 0; // w
export const GRADIENT = 1; // g
export const FIRST = 2; // m
export const SECOND = 3; // v
export const LENGTH = 4;
export const DECAY = 5; // λ
export const BETA1 = 6;
export const REST1 = 7; // 1 − β₁
export const BETA2 = 8;
export const REST2 = 9; // 1 − β₂
export const RATE = 10; // η / (1 − β₁^step)
export const CORRECTION2 = 11; // 1 − β₂^step
export const NEW_WEIGHTS = 12; // where the step leaves w, m and v
export const NEW_FIRST = 13;
export const NEW_SECOND = 14;
export const SHRINK = 15; // what is left of w before the step

/** Numbers of a chunk. */
export const CHUNK: usize = 16384;

const EPSILON: f32 = 1e-8;

export function adamChunk(job: usize, chunk: usize): void {
  const first = (chunk * CHUNK) << 2;
  let left = <i32>min(word(job, LENGTH) - chunk * CHUNK, CHUNK);
  let w = word(job, WEIGHTS) + first;
  let g = word(job, GRADIENT) + first;
  let m = word(job, FIRST) + first;
  let v = word(job, SECOND) + first;
  // From an old number to its new one.
  const toW = word(job, NEW_WEIGHTS) - word(job, WEIGHTS);
  const toM = word(job, NEW_FIRST) - word(job, FIRST);
  const toV = word(job, NEW_SECOND) - word(job, SECOND);
  const decay = number(job, DECAY);
  const beta1 = number(job, BETA1);
  const rest1 = number(job, REST1);
  const beta2 = number(job, BETA2);
  const rest2 = number(job, REST2);
  const rate = number(job, RATE);
  const correction2 = number(job, CORRECTION2);
  const shrink = number(job, SHRINK);
  const epsilon = f32x4.splat(EPSILON);
  for (; left > 0; left -= 4, w += 16, g += 16, m += 16, v += 16) {
    const lanes = min(left, 4);
    const weight = v128.load(w);
    const gradient = f32x4.add(v128.load(g), f32x4.mul(weight, decay));
    const mean = f32x4.add(f32x4.mul(v128.load(m), beta1), f32x4.mul(gradient, rest1));
    const square = f32x4.mul(gradient, gradient);
    const spread = f32x4.add(f32x4.mul(v128.load(v), beta2), f32x4.mul(square, rest2));
    const scale = f32x4.add(f32x4.sqrt(f32x4.div(spread, correction2)), epsilon);
    put(m + toM, mean, lanes);
    put(v + toV, spread, lanes);
    put(w + toW, f32x4.sub(f32x4.mul(weight, shrink), f32x4.div(f32x4.mul(mean, rate), scale)), lanes);
  }
}

// @ts-ignore: decorator
@inline
function number(job: usize, index: i32): v128 {
  return v128.load_splat<f32>(job + ((<usize>index) << 2));
}
