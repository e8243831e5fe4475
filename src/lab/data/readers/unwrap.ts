/**
 * The plain files in a listing: gzip and tar, recognised by their bytes, are unwrapped while they stream by.
 * In memory is one plain file at a time, never an archive.
 */

import { createTarDecoder } from 'modern-tar';
import { BadInput, messageOf } from '../../errors';
import { isHidden } from './called';
import { readChunks } from './chunks';
import type { Entries, Entry } from './entry';

export interface PlainFile {
  /** The path in its folder or archive, without the ending of a compression. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The largest plain file taken, in bytes; MNIST's largest has 47 MB, CIFAR-10's 31 MB. */
export const MAX_PLAIN_BYTES = 512 * 2 ** 20;
/** A tar in a gzip is two layers, gzips in that three. */
const MAX_LAYERS = 3;
const TAR_MAGIC_AT = 257;
const TAR_BLOCK = 512;

type Bytes = ReadableStream<Uint8Array>;

/**
 * Every visible file, in the order of the listing and of the archives in it.
 *
 * @throws BadInput when an archive is truncated, damaged or nested too deep, or a file is too large; the
 * signal's reason when aborted.
 */
export async function* unwrapFiles(entries: Entries, signal?: AbortSignal): AsyncGenerator<PlainFile> {
  for await (const entry of entries) {
    signal?.throwIfAborted();
    if (entry.path.endsWith('/') || isHidden(entry.path)) continue;
    for await (const file of unwrapFile(entry.path, streamOf(entry), MAX_LAYERS)) {
      signal?.throwIfAborted();
      yield file;
    }
  }
}

async function* unwrapFile(path: string, wrapped: Bytes, layers: number): AsyncGenerator<PlainFile> {
  const { head, stream } = await peekHead(wrapped, TAR_BLOCK);
  const [gzip, tar] = [isGzip(head), isTar(head)];
  if (!gzip && !tar) {
    yield { path, bytes: await collectStream(stream, path) };
    return;
  }
  if (layers === 0) {
    await stream.cancel();
    throw new BadInput(`${path} is an archive within archives; unpack it first.`);
  }
  try {
    if (gzip) {
      const inner = stream.pipeThrough(new DecompressionStream('gzip') as TransformStream);
      yield* unwrapFile(path.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar'), inner, layers - 1);
    } else {
      for await (const { header, body } of readChunks(
        stream.pipeThrough(createTarDecoder({ strict: true })),
      )) {
        if (header.type === 'file' && !isHidden(header.name)) {
          yield* unwrapFile(header.name, body, layers - 1);
        } else await body.cancel();
      }
    }
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${path} is truncated or damaged (${reason(error)}); fetch it again.`, {
      cause: error,
    });
  }
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

function isTar(head: Uint8Array): boolean {
  return [...'ustar'].every((letter, i) => head[TAR_MAGIC_AT + i] === letter.charCodeAt(0));
}

function streamOf(entry: Entry): Bytes {
  if (entry.stream) return entry.stream();
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(await entry.bytes());
      controller.close();
    },
  });
}

/** The first bytes of a stream (at least `length`, if there are as many), and the stream from its beginning. */
async function peekHead(stream: Bytes, length: number): Promise<{ head: Uint8Array; stream: Bytes }> {
  const reader = stream.getReader();
  const held: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  while (size < length && !ended) {
    const { done, value } = await reader.read();
    if (done) ended = true;
    else {
      held.push(value);
      size += value.length;
    }
  }
  const head = joinPieces(held, size);
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const first = held.shift();
      if (first) return controller.enqueue(first);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (why) => reader.cancel(why),
  });
  return { head, stream: whole };
}

async function collectStream(stream: Bytes, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of readChunks(stream)) {
    size += piece.length;
    if (size > MAX_PLAIN_BYTES) {
      throw new BadInput(`${path} has more than ${MAX_PLAIN_BYTES / 2 ** 20} MB unpacked, too many to read.`);
    }
    pieces.push(piece);
  }
  return joinPieces(pieces, size);
}

function joinPieces(pieces: readonly Uint8Array[], size: number): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function reason(error: unknown): string {
  return messageOf(error).replace(/\.$/, '').toLowerCase() || 'unreadable';
}
