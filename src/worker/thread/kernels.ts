/**
 * The kernels in a browser's worker. Threads need memory that workers share, which browsers give to pages that are isolated
 * from other origins: by the headers of `npm start`, or by those that the service worker adds on static hosting.
 */
import { findAdapter } from '../../lab/runtime/adapter';
import {
  type BackendHost,
  type BackendReport,
  restHalf,
  startBackend,
  titles,
} from '../../lab/runtime/backend';
import type { HelperThread, KernelHost } from '../../lab/runtime/kernels/engine';
import { loadBuilt } from '../../lab/runtime/kernels/files';
import type { ThreadStart } from '../../lab/runtime/kernels/thread';
import type { BackendPreference, FirstEngine } from '../protocol/choices';
import type { Message } from '../protocol/messages';

/** At most so many: their share of a batch of 32 tiles is still worth waking up for. */
const MOST_THREADS = 8;

const withoutThreads = whyNone();

export const browserKernels: KernelHost = {
  load: loadBuilt,
  ...(withoutThreads === null ? { startThread } : { withoutThreads }),
};

function whyNone(): string | null {
  if (!globalThis.crossOriginIsolated)
    return (
      'this page may not share memory between threads, for its server sends no headers that allow it. ' +
      'Loaded once more, the page allows it by itself where its service worker runs'
    );
  // WebKitGTK keeps it switched off on isolated pages too.
  if (typeof SharedArrayBuffer === 'undefined') return 'this browser lends workers no memory to share';
  return null;
}

let isHidden = false;

/** Starts what was asked for; `wasm-1` is WASM with a single thread. `first`: what `auto` begins with. */
export async function startEngine(
  preference: BackendPreference,
  first?: FirstEngine,
): Promise<BackendReport> {
  const one = preference === 'wasm-1';
  const threads = one ? 1 : usualThreads();
  const ofThreads = isPhone()
    ? 'On a phone only half of the cores are taken, and a quarter while this page is hidden'
    : 'While this page is hidden, half of the threads rest';
  const report = await startBackend(one ? 'wasm' : preference, {
    kernels: browserKernels,
    threads,
    ofThreads,
    ...(first && { first: await wordsOf(first) }),
  });
  restHalf(isHidden);
  return report;
}

/**
 * A page that nobody sees goes on, but leaves half of its threads' cores to what is in front of it: a training that takes
 * longer is found finished later, a machine that stutters is noticed at once.
 */
export function pageHidden(hidden: boolean): void {
  isHidden = hidden;
  restHalf(hidden);
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

/**
 * As many threads as are worth it: all cores but one, which the page itself needs; half of them on a phone, whose cores are
 * of two kinds and get hot; one where memory is small.
 */
export function usualThreads(device: Device = navigator): number {
  const { hardwareConcurrency: cores = 1, deviceMemory = 8 } = device;
  if (deviceMemory <= 1) return 1;
  const worth = isPhone(device) ? Math.floor(cores / 2) : cores <= 2 ? cores : cores - 1;
  return Math.min(MOST_THREADS, Math.max(1, worth));
}

/** What a worker is told of the device it runs on; the last two in Chromium only, memory in GiB and never more than 8. */
interface Device {
  readonly hardwareConcurrency?: number;
  readonly userAgent: string;
  readonly userAgentData?: { readonly mobile?: boolean };
  readonly deviceMemory?: number;
}

const isPhone = ({ userAgentData, userAgent }: Device = navigator): boolean =>
  userAgentData?.mobile ?? /Android|iPhone|iPad/.test(userAgent);

/** The page starts it (page/helpers.ts says why). */
function startThread(start: ThreadStart): HelperThread {
  const { port1: page, port2: port } = new MessageChannel();
  const ready = new Promise<void>((resolve, reject) => {
    page.onmessage = ({ data: trouble }: MessageEvent<string | null>) =>
      trouble === null ? resolve() : reject(new Error(trouble));
  });
  self.postMessage({ type: 'thread', start, port } satisfies Message, { transfer: [port] });
  return { ready, end: () => page.postMessage('end') };
}
