/**
 * Downloads one file so that an interruption costs nothing: what has come is kept beside it as `.part` and
 * resumed, and only a file with the right checksum gets its name.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BadInput, messageOf } from '../src/lab/errors';
import type { RemoteFile } from './manifest';

export interface DownloadOptions {
  readonly onProgress?: (bytes: { readonly done: number; readonly total: number }) => void;
  /** What a person should know although it goes on: a retry, a resumption. */
  readonly onNote?: (message: string) => void;
  /** Attempts without any progress before giving up. */
  readonly attempts?: number;
  /** Before the second attempt; doubled before each further one. */
  readonly pauseMs?: number;
  /** A connection is given up after so long without a byte. */
  readonly stallMs?: number;
}

/** Worth another attempt: the connection failed or was cut. */
class Interrupted extends Error {}

const DEFAULTS = { attempts: 4, pauseMs: 1_000, stallMs: 60_000 };

/**
 * Makes sure that `file` is there and whole; a file that already is is not downloaded again.
 *
 * @throws BadInput when the server cannot be reached, refuses, sends something else, or the disk is full.
 */
export async function download(
  remote: RemoteFile,
  file: string,
  options: DownloadOptions = {},
): Promise<void> {
  if ((await sizeOf(file)) > 0) {
    if (await isWhole(file, remote)) return rm(`${file}.bad`, { force: true });
    await setAside(file, `${file}.bad`);
    options.onNote?.(`${file} has the wrong checksum; it is downloaded again.`);
  }
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.part`;
  const resumed = (await sizeOf(part)) > 0;
  await complete(remote, part, options);
  if (resumed && !(await isWhole(part, remote))) {
    options.onNote?.(
      'What was resumed does not fit together; it is downloaded once more from its beginning.',
    );
    await rm(part);
    await complete(remote, part, options);
  }
  if (!(await isWhole(part, remote))) {
    await setAside(part, `${file}.bad`);
    throw new BadInput(
      `${remote.url} delivered a file with the wrong ${checksumOf(remote).kind} checksum; it was set aside as ` +
        `${file}.bad. Run the same again, or fetch the file elsewhere and import it.`,
    );
  }
  await rename(part, file);
  await rm(`${file}.bad`, { force: true }); // Of an earlier attempt; it must not lie beside whole files.
}

/** Attempts until the file is complete; one that brought something counts as none. */
async function complete(remote: RemoteFile, part: string, options: DownloadOptions): Promise<void> {
  const { attempts, pauseMs } = { ...DEFAULTS, ...options };
  let failed = 0;
  for (;;) {
    const before = await sizeOf(part);
    try {
      return await attempt(remote, part, options);
    } catch (error) {
      const kept = await sizeOf(part);
      if (!(error instanceof Interrupted)) throw error;
      failed = kept > before ? 1 : failed + 1;
      if (failed >= attempts) throw gaveUp(remote, part, kept, error);
      options.onNote?.(`${error.message}; trying again${kept > 0 ? ` from byte ${kept}` : ''}.`);
      await pause(pauseMs * 2 ** (failed - 1));
    }
  }
}

/** One connection: asks for what is missing and appends it to the part. */
async function attempt(remote: RemoteFile, part: string, options: DownloadOptions): Promise<void> {
  const { stallMs } = { ...DEFAULTS, ...options };
  const host = new URL(remote.url).host;
  const have = await sizeOf(part);
  if (have > 0 && have === remote.bytes) return;
  const controller = new AbortController();
  const stalled = setTimeout(
    () => controller.abort(new Error(`not a byte for ${stallMs / 1000} s`)),
    stallMs,
  );
  try {
    // The bytes as they are on the server: a decompressed .gz would have another checksum.
    const headers = { 'Accept-Encoding': 'identity', ...(have > 0 && { Range: `bytes=${have}-` }) };
    const response = await fetch(remote.url, { headers, signal: controller.signal }).catch((error) => {
      throw new Interrupted(`${host} cannot be reached (${causeOf(error)})`);
    });
    const from = startOf(response, have);
    if (from === undefined) {
      await response.body?.cancel();
      if (response.status === 416) {
        await rm(part); // Longer than the file, so no beginning of it.
        throw new Interrupted(`${host} has no byte ${have} of the file`);
      }
      if (response.status >= 500 || response.status === 429 || response.status === 408) {
        throw new Interrupted(`${host} answered ${response.status} ${response.statusText}`.trim());
      }
      throw new BadInput(
        `${host} answered ${response.status} ${response.statusText} for ${remote.url}; fetch the file elsewhere and import it.`,
      );
    }
    const length = response.headers.get('content-length');
    const total = length === null ? (remote.bytes ?? 0) : from + Number(length);
    const handle = await open(part, from > 0 ? 'a' : 'w');
    try {
      let done = from;
      const arrived = (chunk: Uint8Array) => {
        stalled.refresh();
        done += chunk.length;
        options.onProgress?.({ done, total: Math.max(total, done) });
      };
      await store(response, handle, arrived, { host, part, url: remote.url });
      if (done < total)
        throw new Interrupted(`${host} closed the connection after ${done} of ${total} bytes`);
    } finally {
      await handle.close();
    }
  } finally {
    clearTimeout(stalled);
  }
}

/** The byte at which a response begins; undefined when it brings no part of the file that can be used. */
function startOf(response: Response, have: number): number | undefined {
  if (response.status === 200) return 0; // Also of a server that knows no ranges: from the beginning then.
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  return response.status === 206 && Number(start) === have ? have : undefined;
}

async function store(
  response: Response,
  handle: FileHandle,
  arrived: (chunk: Uint8Array) => void,
  names: { readonly host: string; readonly part: string; readonly url: string },
): Promise<void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Interrupted(`The connection to ${names.host} was cut (${causeOf(error)})`);
    });
    if (done) return;
    try {
      await handle.appendFile(value);
    } catch (error) {
      await reader.cancel().catch(() => {});
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      throw new BadInput(
        `The disk is full; what came of ${names.url} is kept as ${names.part}. Make room and run the same again: it goes on from there.`,
        { cause: error },
      );
    }
    arrived(value);
  }
}

function gaveUp(remote: RemoteFile, part: string, kept: number, error: Interrupted): BadInput {
  const next =
    kept > 0
      ? `the ${kept} bytes that came are kept as ${part}. Run the same again: it goes on from there.`
      : 'nothing was downloaded. Check the connection and run the same again, or fetch the file elsewhere and import it.';
  return new BadInput(`${error.message}, so ${remote.url} is not complete; ${next}`, { cause: error });
}

async function isWhole(file: string, remote: RemoteFile): Promise<boolean> {
  const { kind, digest } = checksumOf(remote);
  const hash = createHash(kind);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex') === digest;
}

function checksumOf({ md5, sha256 }: RemoteFile): { kind: 'md5' | 'sha256'; digest: string } {
  const digest = (sha256 ?? md5)!.toLowerCase();
  return { kind: sha256 ? 'sha256' : 'md5', digest };
}

async function setAside(file: string, bad: string): Promise<void> {
  await rm(bad, { force: true });
  await rename(file, bad);
}

function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? messageOf(cause ?? error).toLowerCase();
}
