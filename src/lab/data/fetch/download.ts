/**
 * Downloads one file so that an interruption costs nothing: what has come is kept by the host (a file beside the
 * command line, a file of the browser's own in the page) and resumed, and only what has the right checksum counts.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { BadInput, messageOf } from '../../errors';
import type { RemoteFile } from './manifest';

/** What came of a file so far, and where it is kept. */
export interface Part {
  /** In bytes; 0 when nothing came. */
  size(): Promise<number>;
  /** For what comes next: behind the `from` bytes that are there, or in their place when `from` is 0. */
  open(from: number): Promise<Sink>;
  read(): AsyncIterable<Uint8Array>;
  remove(): Promise<void>;
  /** Takes away a file that is not what it should be; returns what was done: "it was …". */
  reject(): Promise<string>;
  /** Whether an error of a sink is a full disk. */
  isFull(error: unknown): boolean;
  readonly words: PartWords;
}

export interface Sink {
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** How a host's errors put it. */
export interface PartWords {
  /** Where a part is kept: "as …", "in …". */
  readonly kept: string;
  /** What to do to go on. */
  readonly again: string;
  /** The way around. */
  readonly elsewhere: string;
  /** Another reason for which a host may be out of reach, behind a comma, or nothing. */
  readonly blocked: string;
}

export interface DownloadOptions {
  readonly onProgress?: (bytes: { readonly done: number; readonly total: number }) => void;
  /** What a person should know although it goes on: a retry, a resumption. */
  readonly onNote?: (message: string) => void;
  /** Ends the download with its reason; what came is kept. */
  readonly signal?: AbortSignal;
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
 * Downloads until the part is the whole file with the right checksum.
 *
 * @throws BadInput when the server cannot be reached, refuses, sends something else, or the disk is full; the
 * signal's reason when aborted.
 */
export async function download(remote: RemoteFile, part: Part, options: DownloadOptions = {}): Promise<void> {
  const had = await part.size();
  if (had > 0 && had === (remote.bytes ?? had) && (await isWhole(part, remote))) return;
  await complete(remote, part, options);
  if (had > 0 && !(await isWhole(part, remote))) {
    options.onNote?.(
      'What was resumed does not fit together; it is downloaded once more from its beginning.',
    );
    await part.remove();
    await complete(remote, part, options);
  }
  if (await isWhole(part, remote)) return;
  const { again, elsewhere } = part.words;
  throw new BadInput(
    `${remote.url} delivered a file with the wrong ${checksumOf(remote).kind} checksum; ${await part.reject()}. ` +
      `${sentence(again)}, or ${elsewhere}.`,
  );
}

/** Whether bytes have the checksum that the manifest names: SHA-256 where there is one, else MD5. */
export async function isWhole({ read }: Pick<Part, 'read'>, remote: RemoteFile): Promise<boolean> {
  const { kind, digest } = checksumOf(remote);
  const hash = (kind === 'sha256' ? sha256 : md5).create();
  for await (const chunk of read()) hash.update(chunk);
  return bytesToHex(hash.digest()) === digest;
}

/** Attempts until the file is complete; one that brought something counts as none. */
async function complete(remote: RemoteFile, part: Part, options: DownloadOptions): Promise<void> {
  const { attempts, pauseMs } = { ...DEFAULTS, ...options };
  let failed = 0;
  for (;;) {
    const before = await part.size();
    try {
      return await attempt(remote, part, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      const kept = await part.size();
      if (!(error instanceof Interrupted)) throw error;
      failed = kept > before ? 1 : failed + 1;
      if (failed >= attempts) throw gaveUp(remote, part, kept, error);
      options.onNote?.(`${error.message}; trying again${kept > 0 ? ` from byte ${kept}` : ''}.`);
      await pause(pauseMs * 2 ** (failed - 1), options.signal);
    }
  }
}

/** One connection: asks for what is missing and appends it to the part. */
async function attempt(remote: RemoteFile, part: Part, options: DownloadOptions): Promise<void> {
  const host = new URL(remote.url).host;
  const have = await part.size();
  if (have > 0 && have === remote.bytes) return;
  const stall = stallTimer(options.stallMs ?? DEFAULTS.stallMs);
  const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
  try {
    // The bytes as they are on the server: a decompressed .gz would have another checksum. (Browsers decide it alone.)
    const headers = { 'Accept-Encoding': 'identity', ...(have > 0 && { Range: `bytes=${have}-` }) };
    const response = await fetch(remote.url, { headers, signal }).catch((error) => {
      throw new Interrupted(`${host} cannot be reached${part.words.blocked} (${causeOf(error)})`);
    });
    const from = startOf(response, have);
    if (from === undefined) {
      await response.body?.cancel();
      if (response.status === 416) {
        await part.remove(); // Longer than the file, so no beginning of it.
        throw new Interrupted(`${host} has no byte ${have} of the file`);
      }
      if (response.status >= 500 || response.status === 429 || response.status === 408) {
        throw new Interrupted(`${host} answered ${response.status} ${response.statusText}`.trim());
      }
      const answer = `${response.status} ${response.statusText}`.trim();
      throw new BadInput(`${host} answered ${answer} for ${remote.url}; ${part.words.elsewhere}.`);
    }
    const length = response.headers.get('content-length');
    const total = length === null ? (remote.bytes ?? 0) : from + Number(length);
    const sink = await part.open(from);
    try {
      let done = from;
      const arrived = (chunk: Uint8Array) => {
        stall.restart();
        done += chunk.length;
        options.onProgress?.({ done, total: Math.max(total, done) });
      };
      await store(response, sink, arrived, part, remote.url);
      if (done < total)
        throw new Interrupted(`${host} closed the connection after ${done} of ${total} bytes`);
    } finally {
      await sink.close();
    }
  } finally {
    stall.end();
  }
}

/** The byte at which a response begins; undefined when it brings no part of the file that can be used. */
function startOf(response: Response, have: number): number | undefined {
  if (response.status === 200) return 0; // Also of a server that knows no ranges: from the beginning then.
  // A host may let pages read its files and not this header; then the checksum tells.
  const range = response.headers.get('content-range') ?? `bytes ${have}-`;
  const start = /^bytes (\d+)-/.exec(range)?.[1];
  return response.status === 206 && Number(start) === have ? have : undefined;
}

async function store(
  response: Response,
  sink: Sink,
  arrived: (chunk: Uint8Array) => void,
  part: Part,
  url: string,
): Promise<void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Interrupted(`The connection to ${new URL(url).host} was cut (${causeOf(error)})`);
    });
    if (done) return;
    try {
      await sink.write(value);
    } catch (error) {
      await reader.cancel().catch(() => {});
      if (!part.isFull(error)) throw error;
      const { kept, again } = part.words;
      throw new BadInput(
        `The disk is full; what came of ${url} is kept ${kept}. Make room and ${again}: it goes on from there.`,
        { cause: error },
      );
    }
    arrived(value);
  }
}

function gaveUp(remote: RemoteFile, { words }: Part, kept: number, error: Interrupted): BadInput {
  const next =
    kept > 0
      ? `the ${kept} bytes that came are kept ${words.kept}. ${sentence(words.again)}: it goes on from there.`
      : `nothing was downloaded. Check the connection and ${words.again}, or ${words.elsewhere}.`;
  return new BadInput(`${error.message}, so ${remote.url} is not complete; ${next}`, { cause: error });
}

function checksumOf({ md5, sha256 }: RemoteFile): { kind: 'md5' | 'sha256'; digest: string } {
  const digest = (sha256 ?? md5)!.toLowerCase();
  return { kind: sha256 ? 'sha256' : 'md5', digest };
}

/** Aborts its signal when it was not restarted for so long. */
function stallTimer(ms: number) {
  const controller = new AbortController();
  const begin = () => setTimeout(() => controller.abort(new Error(`not a byte for ${ms / 1000} s`)), ms);
  let timer = begin();
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer);
      timer = begin();
    },
    end: () => clearTimeout(timer),
  };
}

/** Waits; rejects with the signal's reason when it is aborted, and leaves nothing behind at the signal. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | undefined)?.cause;
  return (cause as { code?: string } | undefined)?.code ?? messageOf(cause ?? error).toLowerCase();
}
