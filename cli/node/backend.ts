/** The lab's backends in Node: WASM, on the lab's own kernels, or plain JavaScript. */
import { type BackendReport, startBackend } from '../../src/lab/runtime/backend';
import { nodeKernels } from './kernels';

/** Starts a backend in Node; `auto` is WASM. */
export async function startNodeBackend(
  preference: 'wasm' | 'cpu' | 'auto' = 'auto',
  threads = 1,
): Promise<BackendReport> {
  return startBackend(preference, { kernels: nodeKernels, threads });
}
