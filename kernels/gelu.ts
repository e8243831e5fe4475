/**
 * GELU(x) = x·Φ(x) and its gradient (the mathematics: src/lab/nn/ops/tokens/gelu.ts). Φ by Abramowitz & Stegun 7.1.26, right
 * to 1e-7: no worse than float32 is for numbers near 1.
 */
import { word } from './convolve';
import { exp4 } from './exponential';
import { put } from './lanes';

// The words of a job.
export const X = 0;
export const DY = 1; // of the gradient
export const RESULT = 2;
export const LENGTH = 3;

/** Numbers of a chunk. */
export const CHUNK: usize = 16384;

export function geluChunk(job: usize, chunk: usize): void {
  const first = (chunk * CHUNK) << 2;
  let left = <i32>min(word(job, LENGTH) - chunk * CHUNK, CHUNK);
  let x = word(job, X) + first;
  let to = word(job, RESULT) + first;
  for (; left > 0; left -= 4, x += 16, to += 16) {
    const value = v128.load(x);
    put(to, f32x4.mul(value, distribution(value, gaussian(value))), min(left, 4));
  }
}

export function geluGradientChunk(job: usize, chunk: usize): void {
  const first = (chunk * CHUNK) << 2;
  let left = <i32>min(word(job, LENGTH) - chunk * CHUNK, CHUNK);
  let x = word(job, X) + first;
  let dy = word(job, DY) + first;
  let to = word(job, RESULT) + first;
  const density = f32x4.splat(0.3989422804014327);
  for (; left > 0; left -= 4, x += 16, dy += 16, to += 16) {
    const value = v128.load(x);
    const bell = gaussian(value);
    const slope = f32x4.add(distribution(value, bell), f32x4.mul(f32x4.mul(value, bell), density));
    put(to, f32x4.mul(v128.load(dy), slope), min(left, 4));
  }
}

/** exp(−x²/2) */
// @ts-ignore: decorator
@inline
function gaussian(x: v128): v128 {
  return exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

/** Φ(x), with its exp(−x²/2): half of erfc(|x|/√2) below zero, one less that above. */
// @ts-ignore: decorator
@inline
function distribution(x: v128, bell: v128): v128 {
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.7071067811865476));
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(f32x4.mul(z, f32x4.splat(0.3275911)), one));
  let y = f32x4.splat(1.061405429);
  y = f32x4.add(f32x4.mul(y, t), f32x4.splat(-1.453152027));
  y = f32x4.add(f32x4.mul(y, t), f32x4.splat(1.421413741));
  y = f32x4.add(f32x4.mul(y, t), f32x4.splat(-0.284496736));
  y = f32x4.add(f32x4.mul(y, t), f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(y, t), bell), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}
