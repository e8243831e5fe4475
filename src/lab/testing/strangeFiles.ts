/** Network files as other programs and accidents leave them: any type of number, any header. */
import { encodeUnsealed } from '../files/modelFile';
import { decodeSafetensors } from '../files/safetensors';
import type { AnyModel } from '../nn/model';

export interface RawTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A safetensors file. `header`: what is made of its header's text before it is written. */
export function rawSafetensors(
  metadata: Readonly<Record<string, string>>,
  tensors: readonly (readonly [name: string, RawTensor])[],
  header: (text: string) => string = (text) => text,
): Uint8Array {
  let offset = 0;
  const entries = tensors.map(([name, { dtype, shape, bytes }]) => {
    const data_offsets = [offset, offset + bytes.length];
    offset += bytes.length;
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets })}`;
  });
  const whole = header(`{${[`"__metadata__":${JSON.stringify(metadata)}`, ...entries].join()}}`);
  const text = new TextEncoder().encode(whole);
  const file = new Uint8Array(8 + text.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const [, { bytes }] of tensors) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

export interface StrangeFile {
  /** By name, in any order; as the network's file has them. */
  tensors: Map<string, RawTensor>;
  metadata: Record<string, string>;
  /** What is made of the header's text. */
  header(text: string): string;
}

/** The file of a network after something was done to it. */
export function strangeFile(model: AnyModel, change: (file: StrangeFile) => void): Uint8Array {
  const { metadata, tensors } = decodeSafetensors(encodeUnsealed(model));
  const file: StrangeFile = {
    metadata: { ...metadata },
    tensors: new Map(
      Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
        name,
        { dtype, shape, bytes: bytesOf(data) },
      ]),
    ),
    header: (text) => text,
  };
  change(file);
  return rawSafetensors(file.metadata, [...file.tensors], file.header);
}

export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();

/** The tensor with one of its floats replaced. */
export function withFloat({ dtype, shape, bytes }: RawTensor, at: number, value: number): RawTensor {
  const changed = bytes.slice();
  new DataView(changed.buffer).setFloat32(4 * at, value, true);
  return { dtype, shape, bytes: changed };
}
