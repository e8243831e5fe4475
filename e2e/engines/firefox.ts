/**
 * Firefox as it is installed, by WebDriver BiDi: messages over the WebSocket that every Firefox opens by itself when asked
 * to. It is spoken here directly, a handful of commands: Playwright drives only its own Firefox, which would have to be
 * downloaded, and today's Puppeteer wants a newer Node than this project.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { actionsOf, type Browser, type Engine, inPage, type Tab } from './engine';
import { endGroup, findProgram, majorVersion } from './process';

const program = process.env.LAB_FIREFOX ?? findProgram('firefox-esr', 'firefox');
/** The first that speaks all that is said here. */
const OLDEST = 128;

export const firefox: Engine = {
  missing: missing(),
  workerThreads: 'DOM Worker',
  async start() {
    const profile = await mkdtemp(path.join(tmpdir(), 'orbit-lab-firefox-'));
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
    const child = spawn(program!, [...args, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const close = async () => {
      await endGroup(child);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    };
    try {
      const line = await connect(await addressIn(child.stderr));
      await line.send('session.new', { capabilities: {} });
      await line.send('session.subscribe', { events: ['log.entryAdded'] });
      return {
        pid: child.pid,
        troubles: line.troubles,
        open: () => openTab(line.send),
        async close() {
          await line.send('browser.close', {}).catch(() => {});
          await close();
        },
      } satisfies Browser;
    } catch (error) {
      await close();
      throw error;
    }
  },
};

function missing(): string | null {
  if (!program) return 'Firefox is not installed: apt-get install firefox-esr';
  const version = majorVersion(program);
  if (version === 0) return `${program} does not answer to --version`;
  return version < OLDEST ? `Firefox ${version} is too old: ${OLDEST} or newer is needed` : null;
}

/** Where it listens, which it says on standard error. */
function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    output.on('data', (chunk) => {
      text += chunk;
      const address = /WebDriver BiDi listening on (ws:\S+)/.exec(text)?.[1];
      if (address) resolve(`${address}/session`);
    });
    output.on('end', () => reject(new Error(`Firefox did not start. ${text.slice(-500)}`)));
  });
}

type Send = (method: string, params: object) => Promise<Record<string, unknown>>;

async function connect(address: string): Promise<{ readonly send: Send; readonly troubles: string[] }> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (answer: Answer) => void>();
  const troubles: string[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Answer;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else if (message.params?.level === 'error') troubles.push(String(message.params.text));
  });
  let id = 0;
  const send: Send = (method, params) =>
    new Promise((resolve, reject) => {
      const own = ++id;
      const lost = () => reject(new Error(`Firefox ended while it was asked for ${method}.`));
      waiting.set(own, ({ type, result, message }) => {
        waiting.delete(own);
        socket.off('close', lost);
        if (type === 'success') resolve(result);
        else reject(new Error(`${method}: ${message}`));
      });
      socket.once('close', lost);
      socket.send(JSON.stringify({ id: own, method, params }));
    });
  return { send, troubles };
}

interface Answer {
  readonly id?: number;
  readonly type: string;
  readonly result: Record<string, unknown>;
  readonly message: string;
  readonly params?: { readonly level?: string; readonly text?: string };
}

async function openTab(send: Send): Promise<Tab> {
  const { context } = await send('browsingContext.create', { type: 'tab' });
  const wait = 'complete';
  return {
    go: async (url) => void (await send('browsingContext.navigate', { context, url, wait })),
    reload: async () => void (await send('browsingContext.reload', { context, wait })),
    async evaluate(f, ...args) {
      const answer = await send('script.callFunction', {
        functionDeclaration: inPage(f),
        arguments: [{ type: 'string', value: JSON.stringify(args) }],
        awaitPromise: true,
        target: { context },
      });
      if (answer.type === 'exception') throw new Error((answer.exceptionDetails as { text: string }).text);
      return JSON.parse((answer.result as { value: string }).value);
    },
    perform: async (gestures) =>
      void (await send('input.performActions', { context, actions: actionsOf(gestures) })),
    close: async () => void (await send('browsingContext.close', { context })),
  };
}
