/** A server of one file on this machine that does as it is told; for tests of downloads only (so Node may be used). */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  /** Address without a slash at its end. */
  readonly base: string;
  /** The Range header of every request since the last reset, in order. */
  asked: (string | undefined)[];
  handler: Handler;
  /** Cuts every open connection. */
  cut(): void;
  close(): Promise<void>;
}

export async function testServer(): Promise<TestServer> {
  const server = createServer((request, response) => {
    made.asked.push(request.headers.range);
    made.handler(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const made: TestServer = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    handler: (_, response) => response.writeHead(404).end(),
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return made;
}

/** An address where nobody listens. */
export async function deadAddress(): Promise<string> {
  const { base, close } = await testServer();
  await close();
  return base;
}

/** The byte a request asks to begin at, and the status and headers of an answer that does. */
export function beginning(request: IncomingMessage, body: Uint8Array, own: Record<string, string> = {}) {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const range = `bytes ${from}-${body.length - 1}/${body.length}`;
  const headers = {
    'Content-Length': body.length - from,
    ...(from > 0 && { 'Content-Range': range }),
    ...own,
  };
  return { from, status: from > 0 ? 206 : 200, headers };
}

/** Answers ranges, as the official servers do. */
export const whole =
  (body: Uint8Array, own?: Record<string, string>): Handler =>
  (request, response) => {
    const { from, status, headers } = beginning(request, body, own);
    if (from >= body.length) response.writeHead(416, own).end();
    else response.writeHead(status, headers).end(body.subarray(from));
  };
