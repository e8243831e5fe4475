/** The lab's backends in Node: WASM, on the lab's own kernels, or plain JavaScript. */
import { availableParallelism } from 'node:os';
import { BadInput } from '../../src/lab/errors';
import { type BackendReport, startBackend } from '../../src/lab/runtime/backend';
import { nodeKernels } from './kernels';

/** Threads at most: their share of a batch of 32 tiles is still worth waking up for. */
const MOST_THREADS = 8;

/** Starts a backend in Node; `auto` is WASM. The number of threads changes no bit of what is computed. */
export async function startNodeBackend(
  preference: 'wasm' | 'cpu' | 'auto' = 'auto',
  threads = wantedThreads(process.env.LAB_THREADS),
): Promise<BackendReport> {
  return startBackend(preference, { kernels: nodeKernels, threads });
}

/** As many as LAB_THREADS says, or as there are cores. Throws `BadInput` for what is no number of threads. */
export function wantedThreads(given: string | undefined): number {
  if (given === undefined || given === '') return Math.min(MOST_THREADS, availableParallelism());
  const threads = Number(given);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new BadInput(`LAB_THREADS takes a number of threads from 1 to 64, not "${given}".`);
}
