/** Pictures, folders and zips made on the spot, for tests only (so Node may be used here). */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import encodeJpeg, { init as initJpeg } from '@jsquash/jpeg/encode.js';
import encodePng, { init as initPng } from '@jsquash/png/encode.js';
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import { uniform } from '../../random';
import { testPlatform } from '../../testing/platform';
import type { Dataset } from '../dataset';
import type { Entry } from '../readers/entry';

const { resolve } = createRequire(import.meta.url);
const compile = async (file: string) => WebAssembly.compile(await readFile(resolve(file)));

/** Loads encoders and decoders; call in beforeAll. */
export async function loadCodecs(): Promise<void> {
  await testPlatform().loadDecoders();
  await loadEncoders();
}

/** Loads encoders alone: what is made is read by the page. */
export async function loadEncoders(): Promise<void> {
  const jpeg = await compile('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
  await (initJpeg as (module: WebAssembly.Module) => Promise<void>)(jpeg);
  await initPng(await compile('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
}

/** A width × height RGBA picture of seeded noise around one grey per seed. */
export function picture(width: number, height: number, seed = 1, alpha = 255): ImageData {
  const next = uniform('picture', seed);
  const base = next() * 200;
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? alpha : base + next() * 50,
  );
  return { width, height, data, colorSpace: 'srgb' } as ImageData;
}

export async function png(image: ImageData): Promise<Uint8Array> {
  return new Uint8Array(await encodePng(image));
}

export async function jpeg(image: ImageData): Promise<Uint8Array> {
  return new Uint8Array(await encodeJpeg(image, { quality: 90 }));
}

/** A square grey PNG of one value of 16 bits, which the encoder does not write. */
export function deepPng(side: number, value: number): Uint8Array {
  const chunk = (type: string, body: Uint8Array) => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([16, 0], 8);
  const row = Uint8Array.from({ length: 1 + 2 * side }, (_, i) =>
    i === 0 ? 0 : i % 2 ? value >> 8 : value & 255,
  );
  const rows = Buffer.concat(Array.from({ length: side }, () => row));
  const magic = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([magic, ...chunks]));
}

/** The checksum of a PNG's chunk. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** RGBA without the A. */
export function rgb({ data }: ImageData): Uint8Array {
  return Uint8Array.from(data.filter((_, i) => i % 4 !== 3));
}

/** Entries of given paths and contents, in the order given. */
export function entriesOf(files: Record<string, Uint8Array>): Entry[] {
  return Object.entries(files).map(([path, bytes]) => ({ path, bytes: async () => bytes }));
}

/** A zip with the files in the order given; paths that end with `/` become directories. */
export async function zipOf(files: Iterable<readonly [string, Uint8Array]>, level = 0): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter(), { level, useWebWorkers: false, extendedTimestamp: false });
  for (const [path, bytes] of files) {
    if (path.endsWith('/')) await writer.add(path, undefined, { directory: true });
    else await writer.add(path, new Uint8ArrayReader(bytes));
  }
  return writer.close();
}

/** A data set of seeded noise with the given number of tiles per class. */
export function noiseDataset(perClass: readonly number[], size = 4, seed = 1): Dataset {
  const next = uniform('noise dataset', seed);
  const labels = Uint8Array.from(perClass.flatMap((n, label) => new Array<number>(n).fill(label)));
  const count = labels.length;
  return {
    name: 'noise',
    title: 'Noise',
    synthetic: true,
    classes: perClass.map((_, label) => `class ${label}`),
    size,
    channels: 3,
    count,
    pixels: Uint8Array.from({ length: count * size * size * 3 }, () => next() * 256),
    labels,
    keys: Array.from(labels, (label, i) => `class ${label}/${i}`),
  };
}
