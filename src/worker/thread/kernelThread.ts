/** A helping thread of the kernels: told of its memory, it serves until it is ended. */
import type { ThreadStart } from '../../lab/runtime/kernels/engine';

self.onmessage = async ({ data }: MessageEvent<ThreadStart>) => {
  const { module, memory, thread, job } = data;
  const env = {
    memory,
    abort() {
      throw new Error('A kernel gave up.');
    },
  };
  const { exports } = await WebAssembly.instantiate(module, { env });
  self.postMessage('ready');
  (exports.serve as (thread: number, job: number) => void)(thread, job);
};
