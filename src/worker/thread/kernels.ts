/**
 * The kernels in a browser's worker. Threads need memory that workers share, which browsers give to pages that are isolated
 * from other origins: by the headers of `npm start`, or by those that the service worker adds on static hosting.
 */
import { findAdapter } from '../../lab/runtime/adapter';
import { type BackendHost, type BackendReport, startBackend, titles } from '../../lab/runtime/backend';
import type { HelperThread, KernelHost } from '../../lab/runtime/kernels/engine';
import { loadBuilt } from '../../lab/runtime/kernels/files';
import type { ThreadStart } from '../../lab/runtime/kernels/thread';
import type { BackendPreference, FirstEngine } from '../protocol/protocol';

/** At most so many: their share of a batch of 32 tiles is still worth waking up for. */
const MOST_THREADS = 8;

export const browserKernels: KernelHost = {
  load: loadBuilt,
  ...(globalThis.crossOriginIsolated
    ? { startThread }
    : {
        withoutThreads:
          'this page may not share memory between threads, for its server sends no headers that allow it. ' +
          'Loaded once more, the page allows it by itself where its service worker runs',
      }),
};

/** Starts what was asked for; `wasm-1` is WASM with a single thread. `first`: what `auto` begins with. */
export async function startEngine(
  preference: BackendPreference,
  first?: FirstEngine,
): Promise<BackendReport> {
  const one = preference === 'wasm-1';
  const threads = one ? 1 : usualThreads();
  const host = { kernels: browserKernels, threads, ...(first && { first: await wordsOf(first) }) };
  return startBackend(one ? 'wasm' : preference, host);
}

/** What was measured on another graphics card says nothing of this one. */
async function wordsOf({ engine, adapter }: FirstEngine): Promise<NonNullable<BackendHost['first']>> {
  const isSame = adapter !== null && (engine === 'wasm' || (await isHere(adapter)));
  if (isSame) return { backend: engine, because: `${titles[engine]} was measured to be the faster one` };
  return { backend: 'wasm', because: 'WASM is at hand at once' };
}

const isHere = (adapter: string): Promise<boolean> =>
  findAdapter().then(
    (found) => found.adapter === adapter && !found.software,
    () => false,
  );

/** As many threads as are worth it: all cores but one, which the page itself needs; half of them on a phone. */
export function usualThreads({ hardwareConcurrency: cores = 1 }: Navigator = navigator): number {
  const { userAgentData } = navigator as { userAgentData?: { mobile?: boolean } };
  const isPhone = userAgentData?.mobile ?? /Android|iPhone|iPad/.test(navigator.userAgent);
  const worth = isPhone ? Math.floor(cores / 2) : cores <= 2 ? cores : cores - 1;
  return Math.min(MOST_THREADS, Math.max(1, worth));
}

function startThread(start: ThreadStart): HelperThread {
  const worker = new Worker(new URL('./kernelThread.ts', import.meta.url), { type: 'module' });
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = ({ message }) => reject(new Error(message || 'a thread of the kernels did not start'));
  });
  worker.postMessage(start);
  return { ready, end: () => worker.terminate() };
}
