/**
 * Seals: a checksum that lies with what is kept, and tells later whether it still is what was written. Disks flip bits,
 * files are cut off and edited; a figure computed from such a thing would be wrong and look right. Plain data, with typed
 * arrays; made of the values, not of the bytes that they are written as.
 *
 *     nothing sealed it          written by an earlier version: read as it is
 *     the seal fits              what was written
 *     the seal does not fit      damaged: nothing of it is used
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';

export interface Seal {
  /** `digestOf` all the rest, with `network`. */
  readonly checksum: string;
  /** With a record: the fingerprint of the network that was kept with it, null where none was; absent with anything else. */
  readonly network?: string | null;
}

const sealSchema = z.strictObject({ checksum: z.string(), network: z.string().nullable().optional() });

/** 64 hex digits of a value, whatever the order of its keys; those that are undefined do not count. */
export function digestOf(value: unknown): string {
  const hash = sha256.create();
  let text = '';
  const flush = () => {
    hash.update(utf8ToBytes(text));
    text = '';
  };
  const feed = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      text += `${Object.prototype.toString.call(part)} ${part.byteLength}:`;
      flush();
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    } else if (Array.isArray(part)) {
      text += `[${part.length}:`;
      part.forEach(feed);
    } else if (typeof part === 'object' && part !== null) {
      const entries = Object.entries(part).filter(([, each]) => each !== undefined);
      text += `{${entries.length}:`;
      for (const [key, each] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
        text += JSON.stringify(key);
        feed(each);
      }
    } else text += `${typeof part === 'string' ? JSON.stringify(part) : String(part)},`;
    if (text.length > 1e5) flush();
  };
  feed(value);
  flush();
  return bytesToHex(hash.digest());
}

/** The value with its seal; an earlier seal in it is replaced. network: of a record, as `Seal` says. */
export function sealed<T extends object>(value: T, network?: string | null): T & { readonly seal: Seal } {
  const { seal: _, ...rest } = value as T & { seal?: unknown };
  const more = network === undefined ? {} : { network };
  return { ...(rest as T), seal: { ...more, checksum: digestOf([rest, network]) } };
}

/** What was sealed, without its seal (null: of an earlier version, which had none); or null where the seal does not fit. */
export function unsealed(
  found: unknown,
): { readonly value: Readonly<Record<string, unknown>>; readonly seal: Seal | null } | null {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
  const { seal, ...value } = found as Record<string, unknown>;
  if (seal === undefined) return { value, seal: null };
  const parsed = sealSchema.safeParse(seal);
  if (!parsed.success) return null;
  const { checksum, network } = parsed.data;
  return checksum === digestOf([value, network]) ? { value, seal: parsed.data } : null;
}
