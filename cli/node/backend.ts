/** The lab's backends in Node: WASM, with the files from the installed package, or plain JavaScript. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { type BackendReport, startBackend } from '../../src/lab/runtime/backend';

const wasmFolder = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** Starts a backend in Node; `auto` is WASM. */
export async function startNodeBackend(preference: 'wasm' | 'cpu' | 'auto' = 'auto'): Promise<BackendReport> {
  return keepingProcessListeners(() => startBackend(preference, { wasmPaths: `${wasmFolder}${path.sep}` }));
}

/**
 * tfjs's WASM module adds its own listeners for uncaught errors to the process, which turn a clear stack trace
 * and exit code into its own; whatever `work` adds is taken off again.
 */
async function keepingProcessListeners<T>(work: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  try {
    return await work();
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[i].includes(listener)) process.off(event, listener as never);
      }
    });
  }
}
