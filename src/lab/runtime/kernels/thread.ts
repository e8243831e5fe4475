/** A helping thread of the kernels, wherever it runs. It imports nothing, so that it starts in milliseconds. */

/** Where helpers see the number of the latest job, and count themselves when they are done (kernels/threads.ts). */
export const [NUMBER, FINISHED] = [1024, 1024 + 128];

export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1: the thread that runs jobs is 0. */
  readonly thread: number;
}

/** A helping thread's whole life: sleeps until there is a job, and takes part. `ready`: told when it is there. */
export async function helpForever(
  { module, memory, thread }: ThreadStart,
  ready: () => void,
): Promise<never> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, abort } });
  const help = exports.help as (thread: number, seen: number) => number;
  const number = new Int32Array(memory.buffer, NUMBER, 1);
  ready();
  for (let seen = 0; ; ) {
    const latest = help(thread, seen);
    if (latest === seen) Atomics.wait(number, 0, seen);
    seen = latest;
  }
}

export function abort(): never {
  throw new Error('A kernel gave up.');
}
