/** Every operation that runs in chunks, by the number that src/lab/runtime/kernels/operations.ts has for it. */
import { convolveTile, paddedBytes, SCRATCH, SCRATCH_BYTES, word } from './convolve';
import { filterGradientChunk } from './filterGradient';

export const CONVOLVE = 0;
export const FILTER_GRADIENT = 1;

/** `first`: this thread's first chunk of the job, for which it makes its piece of scratch ready. */
export function runChunk(operation: i32, job: usize, chunk: i32, thread: i32, first: bool): void {
  switch (operation) {
    case CONVOLVE: {
      convolveTile(job, chunk, scratchOf(job, thread, first));
      break;
    }
    case FILTER_GRADIENT: {
      filterGradientChunk(job, chunk, scratchOf(job, thread, first));
      break;
    }
  }
}

/** A thread's piece of scratch, its planes' borders zero. */
function scratchOf(job: usize, thread: i32, first: bool): usize {
  const piece = word(job, SCRATCH) + word(job, SCRATCH_BYTES) * <usize>thread;
  if (first) memory.fill(piece, 0, paddedBytes(job));
  return piece;
}
