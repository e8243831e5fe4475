/**
 * A server that speaks S3, for tests: s3rver, with what real ones do and it does not (an object is there as a whole or not
 * at all, and what does not fit its MD5 is refused), and with faults on request.
 */

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import * as aws from '@aws-sdk/client-s3';
import { type Patience, s3Objects } from '../s3';
import { filesIn, type Place } from './places';

/** Answers in the server's place, and returns true; or false, and the server does. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Server {
  readonly port: number;
  /** For the client: endpoint, region and keys. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it keeps, a folder for each bucket. */
  readonly folder: string;
  /** Requests seen so far, as `GET /bucket/name`. */
  readonly seen: string[];
  bucket(name: string): Promise<void>;
  /** Asked of every request from now on; undefined: none. */
  fault: Fault | undefined;
  stop(): Promise<void>;
}

/** The keys that s3rver knows. */
const KEYS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

export async function startServer(): Promise<Server> {
  const { default: S3rver } = (await import('@20minutes/s3rver' as string)) as { default: S3rverClass };
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-s3-'));
  const app = new S3rver({ directory: folder, silent: true, vhostBuckets: false });
  app.store.putContent = async (file, content) => {
    const bytes = await bytesOf(content);
    const part = `${file}.${process.pid}-${Math.random()}.part`;
    await writeFile(part, bytes);
    await rename(part, file);
    return [bytes.length, createHash('md5').update(bytes).digest('hex')];
  };
  const serve = app.callback();
  const server = createServer(async (request, response) => {
    state.seen.push(`${request.method} ${request.url}`);
    if (state.fault?.(request, response)) return;
    if (request.method !== 'PUT') return serve(request, response);
    // Only what has arrived as a whole is kept.
    const bytes = await bytesOf(request).catch(() => null);
    if (bytes === null || bytes.length !== Number(request.headers['content-length']))
      return request.destroy();
    if (createHash('md5').update(bytes).digest('base64') !== request.headers['content-md5'])
      return refuse(response, 400, 'BadDigest');
    const { pathname } = new URL(request.url!, 'http://here');
    if (request.headers['if-none-match'] === '*') {
      if (made.has(pathname)) {
        await made.get(pathname);
        return refuse(response, 412, 'PreconditionFailed');
      }
      made.set(pathname, new Promise((resolve) => response.once('close', resolve)));
    }
    const whole = Readable.from([bytes]) as unknown as IncomingMessage;
    for (const key of ['headers', 'rawHeaders', 'method', 'url', 'socket', 'httpVersion'] as const)
      Object.defineProperty(whole, key, { value: request[key] });
    return serve(whole, response);
  });
  /** Objects that were to be made once, and when they are. */
  const made = new Map<string, Promise<unknown>>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: Server = {
    ...{ port, folder, seen: [], fault: undefined },
    environment: { ...KEYS, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` },
    bucket: async (name) => void (await mkdir(path.join(folder, name), { recursive: true })),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return state;
}

/** An error as S3 tells it. */
export function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`,
  );
}

/** A client that gives up soon. */
export const HASTY: Patience = { attempts: 3, connectMs: 1000, silenceMs: 1000 };

/** Buckets of a server of this machine's. The environment is that of the tests' process, as a person's is. */
export async function buckets(): Promise<Place> {
  const server = await startServer();
  Object.assign(process.env, server.environment);
  let count = 0;
  return {
    name: 'a bucket',
    async fresh() {
      await server.bucket(`bucket-${++count}`);
      return `s3://bucket-${count}/some/prefix`;
    },
    objects: (reference) => s3Objects(aws, reference, server.environment),
    async names(reference) {
      const below = path.join(server.folder, new URL(reference).host, 'some', 'prefix');
      const files = await filesIn(below);
      return files.filter((name) => name.endsWith(OBJECT)).map((name) => name.slice(0, -OBJECT.length));
    },
    end: () => server.stop(),
  };
}

/** The end of the names of s3rver's files. */
const OBJECT = '._S3rver_object';

async function bytesOf(content: AsyncIterable<Uint8Array> | Uint8Array): Promise<Buffer> {
  if (content instanceof Uint8Array) return Buffer.from(content);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface S3rverClass {
  new (
    options: object,
  ): {
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    readonly store: {
      putContent(
        file: string,
        content: AsyncIterable<Uint8Array> | Uint8Array,
      ): Promise<[size: number, md5: string]>;
    };
  };
}
