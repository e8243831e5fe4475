/** Files in official layouts made on the spot, for tests only. */

import { packTar } from 'modern-tar';
import type { Entry } from '../readers/entry';

/** A CIFAR-10 batch of one record for each label; plane values are a function of record, channel and pixel. */
export function cifarBatch(labels: readonly number[], shift = 0): Uint8Array {
  const bytes = new Uint8Array(labels.length * 3073);
  for (const [i, label] of labels.entries()) {
    bytes[i * 3073] = label;
    for (let k = 0; k < 3072; k++) bytes[i * 3073 + 1 + k] = cifarValue(i + shift, k >> 10, k & 1023);
  }
  return bytes;
}

export const cifarValue = (record: number, channel: number, pixel: number): number =>
  (31 * record + 101 * channel + pixel) & 255;

/** An IDX file of unsigned bytes. */
export function idx(dims: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dims.length + values.length);
  bytes.set([0, 0, 8, dims.length]);
  for (const [i, dim] of dims.entries()) new DataView(bytes.buffer).setUint32(4 + 4 * i, dim);
  bytes.set(values, 4 + 4 * dims.length);
  return bytes;
}

/** Pictures and labels of one part, under their official names. */
export function mnistPart(
  stem: 'train' | 't10k',
  labels: readonly number[],
  size = 4,
): Record<string, Uint8Array> {
  const n = labels.length;
  const values = Uint8Array.from({ length: n * size * size }, (_, i) => (7 * i + n) & 255);
  return {
    [`${stem}-images-idx3-ubyte`]: idx([n, size, size], values),
    [`${stem}-labels-idx1-ubyte`]: idx([n], Uint8Array.from(labels)),
  };
}

export async function gzipped(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function tarred(files: Record<string, Uint8Array>): Promise<Uint8Array> {
  return packTar(
    Object.entries(files).map(([name, body]) => ({
      header: { name, size: body.length, type: 'file' as const },
      body,
    })),
  );
}

/** An entry that streams in pieces of `chunk` bytes, as a large file does. */
export function streamed(path: string, bytes: Uint8Array, chunk: number): Entry {
  const stream = () => {
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + chunk));
        at += chunk;
      },
    });
  };
  return { path, bytes: async () => bytes, stream };
}
