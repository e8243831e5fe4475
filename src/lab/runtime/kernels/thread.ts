/** A helping thread of the kernels, wherever it runs. It imports next to nothing, so that it starts in milliseconds. */
import { breathe } from '../breathe';

/**
 * Where helpers see the number of the latest job and up to which of them take part, and count themselves when they are done
 * (kernels/threads.ts).
 */
export const [NUMBER, ACTIVE, FINISHED] = [1024, 1024 + 16, 1024 + 128];

export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1: the thread that runs jobs is 0. */
  readonly thread: number;
}

/**
 * How long a thread is deaf to its browser at most while it has nothing to do, in milliseconds. Firefox asks every worker
 * of a page before a service worker may take care of it: one that never answers holds up the next load by a minute.
 */
const DEAF = 500;

/** A helping thread's whole life: sleeps until there is a job, and takes part. `ready`: told when it is there. */
export async function helpForever(
  { module, memory, thread }: ThreadStart,
  ready: () => void,
): Promise<never> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort } });
  const help = exports.help as (thread: number, seen: number) => number;
  const number = new Int32Array(memory.buffer, NUMBER, 1);
  ready();
  let heard = performance.now();
  for (let seen = 0; ; ) {
    const latest = help(thread, seen);
    if (latest === seen) {
      Atomics.wait(number, 0, seen, DEAF);
      if (performance.now() - heard > DEAF) {
        await breathe();
        heard = performance.now();
      }
    }
    seen = latest;
  }
}

export function abort(): never {
  throw new Error('A kernel gave up.');
}
