/** The kernels in Node: their files from the project's folder, their threads from `worker_threads`. */
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { HelperThread, KernelHost } from '../../src/lab/runtime/kernels/engine';
import { NUMBER, type ThreadStart } from '../../src/lab/runtime/kernels/thread';

const folder = new URL('../../src/lab/runtime/kernels/built/', import.meta.url);

/** `helpForever` of thread.ts in plain JavaScript, for Node 20 starts no TypeScript by itself. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, thread } = workerData;
const env = { memory, abort() { throw new Error('A kernel gave up.'); } };
WebAssembly.instantiate(module, { env }).then(({ exports }) => {
  const number = new Int32Array(memory.buffer, ${NUMBER}, 1);
  parentPort.postMessage('ready');
  for (let seen = 0; ; ) {
    const latest = exports.help(thread, seen);
    if (latest === seen) Atomics.wait(number, 0, seen);
    seen = latest;
  }
});`;

export const nodeKernels: KernelHost = {
  load: async (build) => new Uint8Array(await readFile(new URL(`${build}.wasm`, folder))),
  startThread,
};

function startThread(start: ThreadStart): HelperThread {
  const worker = new Worker(THREAD, { eval: true, workerData: start });
  // An idle thread keeps no process alive.
  worker.unref();
  const ready = new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  return { ready, end: () => void worker.terminate() };
}
