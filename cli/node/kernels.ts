/** The kernels in Node: their files from the project's folder, their threads from `worker_threads`. */
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { HelperThread, KernelHost, ThreadStart } from '../../src/lab/runtime/kernels/engine';

const folder = new URL('../../src/lab/runtime/kernels/built/', import.meta.url);

/** A thread's whole life, in plain JavaScript: it imports nothing, so it starts in milliseconds. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, thread, job } = workerData;
const env = { memory, abort() { throw new Error('A kernel gave up.'); } };
WebAssembly.instantiate(module, { env }).then(({ exports }) => {
  parentPort.postMessage('ready');
  exports.serve(thread, job);
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
