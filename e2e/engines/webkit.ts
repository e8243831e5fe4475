/**
 * WebKit, Safari's engine, as WebKitGTK's MiniBrowser without a screen (Xvfb), by WebDriver: plain HTTP, of which this
 * suite needs eight calls, so that a client library would be more than what it wraps.
 *
 * WebKitGTK keeps SharedArrayBuffer switched off, on isolated pages too, where Safari has it. Here it is switched on, so
 * that threads are tested as Safari runs them, but for `withoutSharing`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { actionsOf, type Browser, type Engine, inPage, type Tab } from './engine';
import { endGroup, findProgram, freePort } from './process';

const driver = findProgram('WebKitWebDriver');
const screen = findProgram('xvfb-run');
const binary = process.env.LAB_WEBKIT ?? miniBrowser();

export const webkit: Engine = {
  missing:
    driver && screen && binary
      ? null
      : 'WebKitGTK or a screen for it is not installed: apt-get install webkit2gtk-driver xvfb',
  workerThreads: 'WebCore: Worker',
  async start({ withoutSharing = false } = {}) {
    const port = await freePort();
    const child = spawn(screen!, ['-a', driver!, `--port=${port}`], {
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, JSC_useSharedArrayBuffer: withoutSharing ? '0' : '1' },
    });
    try {
      const call = await sessionAt(`http://127.0.0.1:${port}`);
      const first = (await call('GET', '/window/handles')) as string[];
      const windows: Windows = { free: first, open: 0, last: Promise.resolve() };
      return {
        pid: child.pid,
        troubles: null,
        open: () => openTab(call, windows),
        async close() {
          await call('DELETE', '').catch(() => {});
          await endGroup(child);
        },
      } satisfies Browser;
    } catch (error) {
      await endGroup(child);
      throw error;
    }
  },
};

/** The browser that comes with the library: in a folder named by its version, of libraries or of one kind of machine's. */
function miniBrowser(): string | undefined {
  const inside = (folder: string, name: RegExp) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((each) => name.test(each))
          .map((each) => path.join(folder, each))
      : [];
  return ['/usr/lib', '/usr/libexec', ...inside('/usr/lib', /-linux-gnu$/)]
    .flatMap((folder) => inside(folder, /^webkit2gtk-/))
    .map((folder) => path.join(folder, 'MiniBrowser'))
    .find(existsSync);
}

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

/** Starts a session of the driver that is about to listen there; calls are one after the other. */
async function sessionAt(address: string): Promise<Call> {
  const ask = async (method: string, where: string, body?: object): Promise<unknown> => {
    const options = { method, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(`${address}${where}`, options);
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${where}: ${(value as { message: string }).message}`);
    return value;
  };
  for (let attempts = 0; ; attempts++) {
    try {
      await ask('GET', '/status');
      break;
    } catch (error) {
      if (attempts === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const options = { binary, args: ['--automation'] };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
  const { sessionId } = (await ask('POST', '/session', { capabilities })) as { sessionId: string };
  return (method, where, body) => ask(method, `/session/${sessionId}${where}`, body);
}

interface Windows {
  /** Handles of windows without a page. */
  readonly free: string[];
  open: number;
  /** The latest thing that was asked of any. */
  last: Promise<unknown>;
}

/** What is asked of a tab is asked of the session after a word which tab is meant; nothing comes in between. */
async function openTab(call: Call, windows: Windows): Promise<Tab> {
  const create = async () =>
    ((await call('POST', '/window/new', { type: 'tab' })) as { handle: string }).handle;
  const handle = windows.free.pop() ?? (await create());
  windows.open++;
  const ask: Call = (method, where, body) => {
    const answer = windows.last
      .catch(() => {})
      .then(() => call('POST', '/window', { handle }))
      .then(() => call(method, where, body));
    windows.last = answer;
    return answer;
  };
  return {
    go: async (url) => void (await ask('POST', '/url', { url })),
    reload: async () => void (await ask('POST', '/refresh', {})),
    async evaluate(f, ...args) {
      const script = `const [text, done] = arguments;
        (${inPage(f)})(text).then((answer) => done({ answer }), (error) => done({ error: String(error) }));`;
      const answered = await ask('POST', '/execute/async', { script, args: [JSON.stringify(args)] });
      const { answer, error } = answered as { answer: string; error?: string };
      if (error) throw new Error(error);
      return JSON.parse(answer);
    },
    perform: async (gestures) => void (await ask('POST', '/actions', { actions: actionsOf(gestures) })),
    async close() {
      windows.open--;
      // A session ends with its last window, so that one is kept.
      if (windows.open > 0) await ask('DELETE', '/window');
      else {
        await ask('POST', '/url', { url: 'about:blank' });
        windows.free.push(handle);
      }
    },
  };
}
