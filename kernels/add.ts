/** A sum of two tensors of one shape. */
import { word } from './convolve';
import { put } from './lanes';

// The words of a job.
export const A = 0;
export const B = 1;
export const SUM = 2;
export const LENGTH = 3;

/** Numbers of a chunk. */
export const CHUNK: usize = 16384;

export function addChunk(job: usize, chunk: usize): void {
  const first = (chunk * CHUNK) << 2;
  let left = <i32>min(word(job, LENGTH) - chunk * CHUNK, CHUNK);
  let a = word(job, A) + first;
  let b = word(job, B) + first;
  let sum = word(job, SUM) + first;
  for (; left > 0; left -= 4, a += 16, b += 16, sum += 16)
    put(sum, f32x4.add(v128.load(a), v128.load(b)), min(left, 4));
}
