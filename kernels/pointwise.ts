/** Sums and products of two tensors of one shape, element by element. */
import { word } from './convolve';
import { put } from './lanes';

// The words of a job.
export const A = 0;
export const B = 1;
export const RESULT = 2;
export const LENGTH = 3;

/** Numbers of a chunk. */
export const CHUNK: usize = 16384;

export function addChunk(job: usize, chunk: usize): void {
  eachOf(job, chunk, false);
}

export function timesChunk(job: usize, chunk: usize): void {
  eachOf(job, chunk, true);
}

// @ts-ignore: decorator
@inline
function eachOf(job: usize, chunk: usize, multiplies: bool): void {
  const first = (chunk * CHUNK) << 2;
  let left = <i32>min(word(job, LENGTH) - chunk * CHUNK, CHUNK);
  let a = word(job, A) + first;
  let b = word(job, B) + first;
  let to = word(job, RESULT) + first;
  for (; left > 0; left -= 4, a += 16, b += 16, to += 16) {
    const x = v128.load(a);
    const y = v128.load(b);
    put(to, multiplies ? f32x4.mul(x, y) : f32x4.add(x, y), min(left, 4));
  }
}
