/**
 * The safetensors container (huggingface.co/docs/safetensors): 8-byte little-endian header length, JSON header,
 * raw little-endian data. Text metadata rides under `__metadata__`.
 */
import { z } from 'zod';
import { BadInput } from '../errors';
import { plain } from '../plain';
import { storedAs } from './storedNumbers';
import { keyTwice } from './twice';

export type SafeDtype = 'F32' | 'I32' | 'I8' | 'U8';
export type SafeArray = Float32Array | Int32Array | Int8Array | Uint8Array;

export interface SafeTensor {
  readonly dtype: SafeDtype;
  readonly shape: readonly number[];
  readonly data: SafeArray;
  /** The type in the file, where it is another one than what its numbers were read as: F16, BF16, F64. */
  readonly stored?: string;
}

export interface SafeFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  /** Tensors of types that are not read, by name: the type. Absent where there are none. */
  readonly unread?: Readonly<Record<string, string>>;
}

/** Tensors with the type that their arrays say. */
export function safeTensors(
  tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Int8Array }>
  >,
): Record<string, SafeTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { dtype: data instanceof Int8Array ? ('I8' as const) : ('F32' as const), shape, data },
    ]),
  );
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

const MAX_HEADER = 100_000_000;

/** Serialises tensors and metadata; the header is padded so that data starts on an 8-byte boundary. */
export function encodeSafetensors({ metadata, tensors }: SafeFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  const length = new TextEncoder().encode(json).length;
  const text = new TextEncoder().encode(json + ' '.repeat((8 - (length % 8)) % 8));
  const bytes = new Uint8Array(8 + text.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file; throws `BadInput` when it is truncated or malformed. A tensor of a type that is not read is only
 * told of: files carry some that nobody asks for.
 */
export function decodeSafetensors(bytes: Uint8Array, name = 'The file'): SafeFile {
  const fail = (why: string) => new BadInput(`${plain(name)} is not a usable safetensors file: ${why}.`);
  if (bytes.length < 8) throw fail('it is shorter than a header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > bytes.length) throw fail('its header is cut off');
  const header = parseHeader(bytes.subarray(8, 8 + length), fail);
  const data = bytes.subarray(8 + length);
  const tensors: [string, SafeTensor][] = [];
  const unread: [string, string][] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') continue;
    const called = `tensor "${plain(key)}"`;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw fail(`${called} has an unknown layout`);
    const { dtype, shape, data_offsets } = entry.data;
    const [from, to] = data_offsets;
    if (from > to || to > data.length) throw fail(`${called} is cut off`);
    const stored = storedAs(dtype);
    if (!stored) {
      unread.push([key, dtype]);
      continue;
    }
    const count = shape.reduce((a, b) => a * b, 1);
    if (to - from !== count * stored.bytes) throw fail(`${called} is cut off or has the wrong size`);
    const numbers = stored.read(data.slice(from, to).buffer as ArrayBuffer);
    const was = dtype === stored.as ? {} : { stored: dtype };
    tensors.push([key, { dtype: stored.as, shape, data: numbers, ...was }]);
  }
  const metadata = z.record(z.string(), z.string()).safeParse(header.__metadata__ ?? {});
  if (!metadata.success) throw fail('its metadata is not text');
  return {
    metadata: metadata.data,
    // Not by assignment, which a tensor called "__proto__" would be lost by.
    tensors: Object.fromEntries(tensors),
    ...(unread.length > 0 && { unread: Object.fromEntries(unread) }),
  };
}

/** Bytes of the tensors in a safetensors file: all but its header. */
export function dataSectionBytes(file: Uint8Array): number {
  return file.length - 8 - Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
}

function parseHeader(bytes: Uint8Array, fail: (why: string) => Error): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw fail('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw fail('its header is not JSON');
  const twice = keyTwice(text);
  if (twice !== null) throw fail(`its header says "${plain(twice)}" twice`);
  return header as Record<string, unknown>;
}
