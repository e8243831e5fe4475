/**
 * The live page: the built lab and the statuses of sweeps, on this machine alone unless another address was asked for.
 * Nobody else's page may read or write here: a request names this very address as its host (a name that was turned to it
 * is refused), and a wish comes from the page itself with the token of its link.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { BadInput, messageOf } from '../../src/lab/errors';
import { SWEEP_ACTIONS } from '../../src/lab/sweep/document';
import type { Site } from './site';
import { noAnswer, Snapshots, type SweepSource } from './source';

export interface PageOrder {
  readonly site: Site;
  readonly source: SweepSource;
  /** 0: any that is free. */
  readonly port: number;
  /** The address it listens at. */
  readonly host?: string;
  /** Whether it takes wishes. */
  readonly control?: boolean;
}

export interface LivePage {
  /** Opens the view; with the token of control, where there is one. */
  readonly link: string;
  readonly port: number;
  /** Undefined where it takes no wishes. */
  readonly token: string | undefined;
  close(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';

/** Whether an address is this machine's own, which nobody else reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** The longest wish: an id or two. */
const LONGEST = 4096;

/** Listens, and says where. Throws `BadInput` where the port is taken, or the address is not this machine's. */
export async function servePage({
  site,
  source,
  port,
  host = LOOPBACK,
  control = false,
}: PageOrder): Promise<LivePage> {
  const token = control ? randomBytes(24).toString('base64url') : undefined;
  const snapshots = new Snapshots(source, control);
  const server = createServer((request, response) => {
    answer({ site, source, snapshots, token, host }, request, response).catch((error: unknown) => {
      if (!response.headersSent) say(response, 500, messageOf(error));
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  const unwatch = snapshots.watch();
  const { port: own } = server.address() as { port: number };
  const shown = isIP(host) === 6 ? `[${host}]` : host === '0.0.0.0' ? LOOPBACK : host;
  return {
    link: `http://${shown}:${own}/${token ? `?control=${token}` : ''}#view=paper&report=sweep`,
    ...{ port: own, token },
    close: () =>
      new Promise((resolve) => {
        unwatch();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new BadInput(
      `Port ${port} is taken: choose another one with --port, or leave it to the machine with --port 0.`,
    );
  if (error.code === 'EACCES')
    return new BadInput(`Port ${port} is not for everybody: choose one above 1023.`);
  return new BadInput(`It cannot listen at ${host}: ${error.message}.`);
}

interface Desk {
  readonly site: Site;
  readonly source: SweepSource;
  readonly snapshots: Snapshots;
  readonly token: string | undefined;
  readonly host: string;
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(desk.site.headers)) response.setHeader(name, value);
  if (!isOwnHost(request, desk.host))
    return say(response, 421, 'This page is served under its own address alone.');
  const address = (request.url ?? '/').split(/[?#]/)[0];
  if (request.method === 'POST') return wish(desk, address, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD, POST');
    return say(response, 405, 'Only GET, HEAD and POST are answered here.');
  }
  if (address === '/sweep.json') return status(desk, request, response);
  const [, sweep] = /^\/reports\/([^/]+)\.json$/.exec(address) ?? [];
  if (sweep !== undefined) return report(desk, sweep, response);
  const file = await desk.site.read(address);
  if (!file) return say(response, 404, 'There is no such file.');
  // Names of the build hold a hash of their content.
  const lasts = address.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache';
  response.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': lasts });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

async function status(
  { snapshots }: Desk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { text, tag } = await snapshots
    .read()
    .catch((error: unknown) => ({ text: noAnswer(error), tag: null }));
  if (tag === null) return say(response, 503, text);
  const head = { ETag: tag, 'Cache-Control': 'no-cache', 'Content-Type': 'application/json' };
  if (request.headers['if-none-match'] === tag) response.writeHead(304, head).end();
  else response.writeHead(200, head).end(request.method === 'HEAD' ? undefined : text);
}

async function report({ source }: Desk, sweep: string, response: ServerResponse): Promise<void> {
  const id = decoded(sweep);
  const found = (await source.statuses()).find((each) => each.id === id);
  const text = found ? await source.report(found) : null;
  if (text === null) return say(response, 404, 'This report is not made yet.');
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }).end(text);
}

/** `POST /sweeps/<id>/<action>`, with `{ "job": … }` where one is meant. */
async function wish(
  desk: Desk,
  address: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { source, snapshots, token } = desk;
  if (token === undefined)
    return say(response, 403, 'This page only shows: start it with --control to have it act.');
  const { origin, authorization = '' } = request.headers;
  if (origin !== undefined && origin !== `http://${request.headers.host}`)
    return say(response, 403, 'Wishes of other pages are not taken.');
  if (!isSame(authorization, `Bearer ${token}`))
    return say(response, 403, 'The token is not that of this page’s link.');
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    return say(response, 415, 'A wish is JSON.');
  const [, sweep, named] = /^\/sweeps\/([^/]+)\/([a-z]+)$/.exec(address) ?? [];
  const action = SWEEP_ACTIONS.find((each) => each === named);
  if (sweep === undefined || !action) return say(response, 404, 'There is no such wish.');
  const job = jobIn(await bodyOf(request));
  if (job === undefined) return say(response, 400, 'What was sent is no wish.');
  try {
    await source.act(decoded(sweep), action, job ?? undefined);
  } catch (error) {
    return say(
      response,
      error instanceof BadInput ? 409 : 503,
      error instanceof BadInput ? error.message : noAnswer(error),
    );
  }
  snapshots.forget();
  response.writeHead(204).end();
}

/** The job that a wish names, null for none; undefined where it cannot be read. */
function jobIn(text: string | null): string | null | undefined {
  try {
    const { job } = JSON.parse(text ?? '') as { job?: unknown };
    return job === undefined ? null : typeof job === 'string' ? job : undefined;
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > LONGEST) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the request was meant for this machine, by number: any name could have been turned to it since its page was loaded. */
function isOwnHost({ headers, socket }: IncomingMessage, host: string): boolean {
  const [, name, port] = /^(\[[\da-f:.]+\]|[\w.-]+):(\d+)$/i.exec(headers.host ?? '') ?? [];
  if (name === undefined || Number(port) !== socket.localPort) return false;
  const bare = name.replace(/^\[|\]$/g, '').toLowerCase();
  if (isLoopback(bare) || bare === host.toLowerCase()) return true;
  // At an address that was asked for it goes by its number too.
  return !isLoopback(host) && isIP(bare) !== 0;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function say(response: ServerResponse, code: number, words: string): void {
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${words}\n`);
}
