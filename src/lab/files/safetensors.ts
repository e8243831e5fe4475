/**
 * The safetensors container (huggingface.co/docs/safetensors): 8-byte little-endian header length, JSON header,
 * raw little-endian data. Text metadata rides under `__metadata__`.
 */
import { z } from 'zod';
import { BadInput } from '../errors';

const ELEMENT = {
  F32: Float32Array,
  I32: Int32Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const;

export type SafeDtype = keyof typeof ELEMENT;
export type SafeArray = Float32Array | Int32Array | Int8Array | Uint8Array;

export interface SafeTensor {
  readonly dtype: SafeDtype;
  readonly shape: readonly number[];
  readonly data: SafeArray;
}

export interface SafeFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, SafeTensor>>;
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
  dtype: z.enum(['F32', 'I32', 'I8', 'U8']),
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

/** Reads a safetensors file; throws `BadInput` when it is truncated, malformed or of an unknown type. */
export function decodeSafetensors(bytes: Uint8Array, name = 'The file'): SafeFile {
  const fail = (why: string) => new BadInput(`${name} is not a usable safetensors file: ${why}.`);
  if (bytes.length < 8) throw fail('it is shorter than a header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > bytes.length) throw fail('its header is cut off');
  const header = parseHeader(bytes.subarray(8, 8 + length), fail);
  const data = bytes.subarray(8 + length);
  const tensors: Record<string, SafeTensor> = {};
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') continue;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw fail(`tensor "${key}" has an unknown type or layout`);
    const { dtype, shape, data_offsets } = entry.data;
    const [from, to] = data_offsets;
    const Kind = ELEMENT[dtype];
    const count = shape.reduce((a, b) => a * b, 1);
    if (to > data.length || to - from !== count * Kind.BYTES_PER_ELEMENT) {
      throw fail(`tensor "${key}" is cut off or has the wrong size`);
    }
    tensors[key] = { dtype, shape, data: new Kind(data.slice(from, to).buffer) };
  }
  const metadata = z.record(z.string(), z.string()).safeParse(header.__metadata__ ?? {});
  if (!metadata.success) throw fail('its metadata is not text');
  return { metadata: metadata.data, tensors };
}

/** Bytes of the tensors in a safetensors file: all but its header. */
export function dataSectionBytes(file: Uint8Array): number {
  return file.length - 8 - Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
}

function parseHeader(text: Uint8Array, fail: (why: string) => Error): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Falls through to the one sentence below.
  }
  throw fail('its header is not JSON');
}
