/** What is looked at in a soak: how much the page, its workers, its process and its database hold. */
import { readFile } from 'node:fs/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright';

/** Bytes, but for `workers` and `nodes`, which are counts. */
export interface Figures {
  /** JavaScript of the page and of its workers, after garbage was collected. */
  readonly heap: number;
  readonly workerHeap: number;
  /** Memories of WebAssembly that somebody holds; one that workers share counts once for each. */
  readonly wasm: number;
  readonly workers: number;
  readonly nodes: number;
  /** Resident memory of the page's process; null where the machine does not say. */
  readonly renderer: number | null;
  /** What the origin keeps on disk. */
  readonly database: number;
}

export const FIGURE_NAMES: Readonly<Record<keyof Figures, string>> = {
  heap: 'heap of the page',
  workerHeap: 'heaps of workers',
  wasm: 'WASM memory',
  workers: 'workers',
  nodes: 'DOM nodes',
  renderer: 'renderer',
  database: 'database',
};

/** Reads the figures of a page whenever it is asked. */
export class Looker {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private readonly threads: Threads,
    private readonly pid: number | undefined,
  ) {}

  static async at(page: Page, context: BrowserContext): Promise<Looker> {
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    const threads = new Threads(session);
    await threads.begin();
    return new Looker(page, session, threads, await rendererOf(context));
  }

  async figures(): Promise<Figures> {
    await this.session.send('HeapProfiler.collectGarbage');
    const threads = await this.threads.look();
    const { metrics } = await this.session.send('Performance.getMetrics');
    const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
    const { usage = 0 } = await this.page.evaluate(() => navigator.storage.estimate());
    return {
      heap: metric('JSHeapUsedSize'),
      workerHeap: threads.heap,
      wasm: threads.wasm,
      workers: this.page.workers().length,
      nodes: metric('Nodes'),
      renderer: await residentBytes(this.pid),
      database: usage,
    };
  }
}

/**
 * The threads of a page, each asked by a session of its own: DevTools' messages for them travel inside those of the page's
 * session, as text.
 */
class Threads {
  private readonly sessions = new Set<string>();
  private readonly waiting = new Map<string, (result: object | null) => void>();
  private next = 1;

  constructor(private readonly session: CDPSession) {}

  async begin(): Promise<void> {
    this.session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') this.sessions.add(sessionId);
    });
    this.session.on('Target.detachedFromTarget', ({ sessionId }) => {
      this.sessions.delete(sessionId);
      for (const [key, answer] of this.waiting) if (key.startsWith(`${sessionId} `)) answer(null);
    });
    this.session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: object };
      this.waiting.get(`${sessionId} ${id}`)?.(result ?? null);
    });
    const options = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };
    await this.session.send('Target.setAutoAttach', options);
  }

  /** Sums over all of them; one that ends meanwhile, or that sleeps in a kernel, counts nothing. */
  async look(): Promise<{ readonly heap: number; readonly wasm: number }> {
    const all = await Promise.all([...this.sessions].map((each) => this.lookAt(each)));
    const sum = (of: 'heap' | 'wasm') => all.reduce((total, each) => total + each[of], 0);
    return { heap: sum('heap'), wasm: sum('wasm') };
  }

  private async lookAt(session: string): Promise<{ heap: number; wasm: number }> {
    const usage =
      (await this.ask(session, 'HeapProfiler.collectGarbage')) &&
      ((await this.ask(session, 'Runtime.getHeapUsage')) as { usedSize: number } | null);
    if (!usage) return { heap: 0, wasm: 0 };
    return { heap: usage.usedSize, wasm: await this.wasmOf(session) };
  }

  private async wasmOf(session: string): Promise<number> {
    const objectGroup = 'soak';
    const prototype = (await this.ask(session, 'Runtime.evaluate', {
      expression: 'WebAssembly.Memory.prototype',
      objectGroup,
    })) as Remote | null;
    const found = (await this.ask(session, 'Runtime.queryObjects', {
      prototypeObjectId: prototype?.result.objectId,
      objectGroup,
    })) as { objects: { objectId: string } } | null;
    const sum =
      found &&
      ((await this.ask(session, 'Runtime.callFunctionOn', {
        objectId: found.objects.objectId,
        functionDeclaration:
          'function () { return this.reduce((sum, each) => sum + each.buffer.byteLength, 0); }',
      })) as Remote | null);
    await this.ask(session, 'Runtime.releaseObjectGroup', { objectGroup });
    return sum?.result.value ?? 0;
  }

  /** The answer of a thread, or null where it has none within a few seconds. */
  private async ask(sessionId: string, method: string, params: object = {}): Promise<object | null> {
    if (!this.sessions.has(sessionId)) return null;
    const id = this.next++;
    const key = `${sessionId} ${id}`;
    const message = JSON.stringify({ id, method, params });
    const answer = await new Promise<object | null>((resolve) => {
      const timer = setTimeout(resolve, 5000, null);
      this.waiting.set(key, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      this.session.send('Target.sendMessageToTarget', { message, sessionId }).catch(() => resolve(null));
    });
    this.waiting.delete(key);
    return answer;
  }
}

interface Remote {
  readonly result: { readonly objectId?: string; readonly value?: number };
}

/** The process of the one page: the largest renderer. */
async function rendererOf(context: BrowserContext): Promise<number | undefined> {
  const session = await context.browser()?.newBrowserCDPSession();
  const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const sizes = await Promise.all(pids.map(async (pid) => ({ pid, bytes: (await residentBytes(pid)) ?? 0 })));
  return sizes.sort((a, b) => b.bytes - a.bytes)[0]?.pid;
}

/** Of a process, as Linux tells it. */
async function residentBytes(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes ? 1024 * Number(kilobytes) : null;
}
