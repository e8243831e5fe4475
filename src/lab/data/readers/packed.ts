/**
 * A data set as one file: decoded once, opened at the speed of a copy.
 *
 *     8 bytes   magic "ORBTILE1"
 *     4 bytes   length of the header, little-endian
 *     header    UTF-8 JSON: everything but the arrays, and their checksum
 *     labels    count bytes
 *     pixels    count × size × size × channels bytes
 */

import { z } from 'zod';
import { BadInput } from '../../errors';
import { bandsSchema, MAX_CHANNELS } from '../../pictures/bands';
import type { Dataset } from '../dataset';
import { datasetHash } from '../tiles';

const MAGIC = new TextEncoder().encode('ORBTILE1');
const PREAMBLE = MAGIC.length + 4;

const Header = z.object({
  name: z.string().min(1),
  title: z.string().min(1),
  synthetic: z.boolean(),
  classes: z.array(z.string().min(1)).min(1).max(256),
  size: z.int().min(1).max(4096),
  channels: z.int().min(1).max(MAX_CHANNELS),
  bands: bandsSchema.optional(),
  metres: z.number().positive().optional(),
  count: z.int().min(0),
  keys: z.array(z.string()),
  hash: z.string(),
});

/** What a packed data set says of itself, without its tiles. */
export type PackedHeader = z.infer<typeof Header>;

/** True when the bytes begin like a packed data set. */
export function isPacked(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte);
}

/**
 * The data set's file in pieces that are written one after the other; the large ones are not copied.
 *
 * @param hash its `datasetHash`, for callers who have computed it.
 */
export function packedParts(dataset: Dataset, hash = datasetHash(dataset)): Uint8Array[] {
  const { pixels, labels, ...rest } = dataset;
  const header = new TextEncoder().encode(JSON.stringify({ ...rest, hash }));
  const start = new Uint8Array(PREAMBLE + header.length);
  start.set(MAGIC);
  new DataView(start.buffer).setUint32(MAGIC.length, header.length, true);
  start.set(header, PREAMBLE);
  return [start, labels, pixels];
}

/** The data set's file in one piece. */
export function packDataset(dataset: Dataset): Uint8Array {
  const parts = packedParts(dataset);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Opens a packed data set; its arrays are views into `bytes`.
 *
 * @param source what to call the file in an error.
 * @throws BadInput when it is no packed data set, truncated, too long, or its checksum is wrong.
 */
export function unpackDataset(bytes: Uint8Array, source = 'The file'): Dataset {
  const body = packedBodyStart(bytes, source);
  const { hash, ...header } = unpackHeader(bytes, source);
  const tileBytes = header.size * header.size * header.channels;
  const expected = body + header.count * (1 + tileBytes);
  if (bytes.length !== expected) throw damaged(source, `it has ${bytes.length} bytes instead of ${expected}`);
  const labels = bytes.subarray(body, body + header.count);
  const dataset = { ...header, labels, pixels: bytes.subarray(body + header.count) };

  if (header.keys.length !== header.count) throw damaged(source, 'keys and tiles differ in number');
  if (labels.some((label) => label >= header.classes.length)) throw damaged(source, 'a label has no class');
  if (datasetHash(dataset) !== hash) throw damaged(source, 'its checksum is wrong');
  return dataset;
}

/** Where the labels start: so many bytes are needed to read the header. Looks at the first 12 bytes only. */
export function packedBodyStart(bytes: Uint8Array, source = 'The file'): number {
  if (bytes.length < PREAMBLE || !isPacked(bytes)) throw new BadInput(`${source} is not a packed data set.`);
  return PREAMBLE + new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
}

/** The header alone, from the beginning of a file (see packedBodyStart). Throws BadInput as unpackDataset does. */
export function unpackHeader(bytes: Uint8Array, source = 'The file'): PackedHeader {
  const body = packedBodyStart(bytes, source);
  if (body > bytes.length) throw damaged(source, 'it ends within its header');
  try {
    return Header.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(PREAMBLE, body))));
  } catch (error) {
    throw new BadInput(`${source} has an unreadable header; import the data set again.`, { cause: error });
  }
}

function damaged(source: string, why: string): BadInput {
  return new BadInput(`${source} is truncated or damaged (${why}); import the data set again.`);
}
