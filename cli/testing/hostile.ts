/**
 * Two hundred files that mean harm, or were harmed: made from a seed, for tests only. Each is a file that a person
 * could drop on the page.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { crc32, deflateSync } from 'node:zlib';
import encodeWebp, { init as initWebp } from '@jsquash/webp/encode.js';
import { jpeg, loadCodecs, picture, png, zipOf } from '../../src/lab/data/testing/pictures';
import { tiffOf } from '../../src/lab/pictures/testing/tiffs';
import type { TiffField } from '../../src/lab/pictures/tiff/file';
import { uniform } from '../../src/lab/random';

export interface HostileInput {
  readonly name: string;
  bytes(): Promise<Uint8Array> | Uint8Array;
}

export const HOSTILE_COUNT = 200;

/** The inputs of a seed: the hand-made ones, then whole files cut off and with bits flipped, up to the count. */
export async function hostileInputs(seed: number): Promise<HostileInput[]> {
  await loadCodecs();
  const whole = await wholeFiles();
  const made = [
    ...odds(),
    ...tiffs(),
    ...pngs(whole.png),
    ...jpegs(whole.jpeg),
    ...webps(whole.webp),
    ...zips(whole.png),
  ];
  const next = uniform('hostile', seed);
  const kinds = Object.entries(whole);
  for (let i = 0; made.length < HOSTILE_COUNT; i++) {
    const [kind, file] = kinds[i % kinds.length];
    const round = Math.floor(i / kinds.length);
    made.push(round % 2 === 0 ? cutOff(kind, file, next()) : flipped(kind, file, next));
  }
  return made;
}

type Whole = Record<
  'jpeg' | 'png' | 'webp' | 'tiff' | 'deflated' | 'multispectral' | 'jpegTiff' | 'zip',
  Uint8Array
>;

async function wholeFiles(): Promise<Whole> {
  const image = picture(64, 64, 5);
  const value = (x: number, y: number, band: number) => (x * 7 + y * 13 + band * 31) % 256;
  const [jpegFile, pngFile] = [await jpeg(image), await png(image)];
  const wasm = createRequire(import.meta.url).resolve('@jsquash/webp/codec/enc/webp_enc.wasm');
  await (initWebp as (module: WebAssembly.Module) => Promise<unknown>)(
    await WebAssembly.compile(await readFile(wasm)),
  );
  const zip = await zipOf(
    [
      ['a/1.png', pngFile],
      ['b/2.jpg', jpegFile],
    ],
    6,
  );
  return {
    jpeg: jpegFile,
    png: pngFile,
    webp: new Uint8Array(await encodeWebp(image)),
    tiff: tiffOf({ width: 64, height: 64, bands: 3 }, value),
    deflated: tiffOf({ width: 64, height: 64, bands: 3, tile: 32, compression: 8, predictor: 2 }, value),
    multispectral: tiffOf({ width: 64, height: 64, bands: 13, bits: 16, colours: 1 }, value),
    jpegTiff: tiffOf({
      width: 64,
      height: 64,
      bands: 3,
      tile: 64,
      compression: 7,
      colours: 6,
      blocks: [jpegFile],
    }),
    zip: new Uint8Array(await zip.arrayBuffer()),
  };
}

function cutOff(kind: string, file: Uint8Array, share: number): HostileInput {
  const length = Math.floor(share * file.length);
  return { name: `cut-${length}.${kind}`, bytes: () => file.slice(0, length) };
}

function flipped(kind: string, file: Uint8Array, next: () => number): HostileInput {
  const bytes = file.slice();
  const count = 1 + Math.floor(next() * 20);
  // Half of the flips lie in the header, where sizes and offsets are.
  for (let i = 0; i < count; i++) {
    const reach = next() < 0.5 ? Math.min(300, bytes.length) : bytes.length;
    bytes[Math.floor(next() * reach)] ^= 1 << Math.floor(next() * 8);
  }
  return { name: `flipped-${count}.${kind}`, bytes: () => bytes };
}

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Files that are something else, or nothing. */
function odds(): HostileInput[] {
  const noise = (seed: number) => {
    const next = uniform('noise', seed);
    return Uint8Array.from({ length: 5000 }, () => next() * 256);
  };
  const texts: Record<string, string> = {
    'empty.png': '',
    'one.jpg': '\xff',
    'soi.jpg': '\xff\xd8\xff',
    'magic.png': '\x89PNG\r\n\x1a\n',
    'magic.tif': 'II*\0',
    'magic.bigtiff': 'MM\0+',
    'magic.webp': 'RIFF\x04\0\0\0WEBP',
    'magic.zip': 'PK\x03\x04',
    'end.zip': `PK\x05\x06${'\0'.repeat(18)}`,
    'cat.gif': 'GIF89a\x01\0\x01\0\0\0\0;',
    'old.bmp': 'BM\x46\0\0\0\0\0\0\0',
    'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    'page.jpg': '<!doctype html><title>404</title>',
    'paper.pdf': '%PDF-1.7',
    'array.npy': '\x93NUMPY\x01\0',
    'photo.heic': '\0\0\0\x18ftypheic',
    'data.json': '{"type": "FeatureCollection"}',
    'wide\u202egnp.tif': 'MM\0*\xff\xff\xff\xff',
  };
  const inputs = Object.entries(texts).map(([name, text]) => ({ name, bytes: () => latin1(text) }));
  const noisy = [1, 2, 3, 4, 5].flatMap((seed) => [
    { name: `noise-${seed}.png`, bytes: () => noise(seed) },
    // Noise behind each magic number.
    { name: `noise-${seed}.any`, bytes: () => Uint8Array.of(...[...MAGICS[seed - 1]], ...noise(seed)) },
  ]);
  const huge = (name: string, magic: Uint8Array, megabytes: number) => ({
    name,
    bytes: () => {
      const bytes = new Uint8Array(megabytes * 2 ** 20);
      bytes.set(magic);
      return bytes;
    },
  });
  return [
    ...inputs,
    ...noisy,
    huge('huge.tif', MAGICS[2], 257),
    huge('huge.jpg', MAGICS[0], 33),
    huge('zeros.tif', MAGICS[2], 200),
  ];
}

const MAGICS = [
  '\xff\xd8\xff\xe0',
  '\x89PNG\r\n\x1a\n',
  'II*\0\x08\0\0\0',
  'RIFF\x80\0\0\0WEBPVP8 ',
  'PK\x03\x04',
].map(latin1);

const long = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'long', values });

/** Directories and blocks that lie. */
function tiffs(): HostileInput[] {
  const base = { width: 64, height: 64, bands: 3 } as const;
  const patched = (at: (view: DataView) => void) => () => {
    const bytes = tiffOf(base);
    at(new DataView(bytes.buffer));
    return bytes;
  };
  const entries = (view: DataView) => view.getUint16(8, true);
  const nextAt = (view: DataView) => 10 + 12 * entries(view);
  const zeros = (length: number) => new Uint8Array(deflateSync(new Uint8Array(length)));
  const cases: Record<string, () => Uint8Array> = {
    'loop-to-itself.tif': patched((view) => view.setUint32(nextAt(view), 8, true)),
    'loop-outside.tif': patched((view) => view.setUint32(nextAt(view), 0xfffffff0, true)),
    'directory-in-header.tif': patched((view) => view.setUint32(4, 0, true)),
    'directory-beyond.tif': patched((view) => view.setUint32(4, 0x7fffffff, true)),
    'entries-65535.tif': patched((view) => view.setUint16(8, 65535, true)),
    'entries-0.tif': patched((view) => view.setUint16(8, 0, true)),
    'count-4g.tif': patched((view) => view.setUint32(10 + 4, 0xffffffff, true)),
    'type-0.tif': patched((view) => view.setUint16(10 + 2, 0, true)),
    'bigtiff-small.tif': patched((view) => view.setUint16(2, 43, true)),
    'subifd-loop.tif': () => tiffOf({ ...base, fields: [long(330, 8)] }),
    'wide.tif': () => tiffOf({ ...base, fields: [long(256, 0xffffffff)] }),
    'tall.tif': () => tiffOf({ ...base, fields: [long(257, 0xffffffff)] }),
    'square-gigapixels.tif': () => tiffOf({ ...base, fields: [long(256, 60000), long(257, 60000)] }),
    'no-width.tif': () => tiffOf({ ...base, fields: [long(256, 0)] }),
    'tile-huge.tif': () =>
      tiffOf({ ...base, tile: 64, fields: [long(322, 0x40000000), long(323, 0x40000000)] }),
    'tile-zero.tif': () => tiffOf({ ...base, tile: 64, fields: [long(322, 0)] }),
    'strip-huge.tif': () => tiffOf({ ...base, fields: [long(278, 0xffffffff)] }),
    'bands-65535.tif': () => tiffOf({ ...base, fields: [long(277, 65535)] }),
    'bands-64.tif': () => tiffOf({ width: 4096, height: 4096, bands: 64, bits: 16, blocks: [zeros(1000)] }),
    'bits-odd.tif': () => tiffOf({ ...base, fields: [{ tag: 258, type: 'short', values: [5, 6, 5] }] }),
    'bits-float.tif': () => tiffOf({ ...base, fields: [{ tag: 339, type: 'short', values: [3, 3, 3] }] }),
    'bits-4096.tif': () =>
      tiffOf({ ...base, fields: [{ tag: 258, type: 'short', values: [4096, 4096, 4096] }] }),
    'no-blocks.tif': () => tiffOf({ ...base, blocks: [] }),
    'short-blocks.tif': () => tiffOf({ ...base, blocks: new Array(22).fill(new Uint8Array(5)) }),
    'cmyk.tif': () => tiffOf({ width: 64, height: 64, bands: 4, colours: 5 }),
    'lab.tif': () => tiffOf({ ...base, colours: 8 }),
    'zstd.tif': () => tiffOf({ ...base, compression: 50000 }),
    'fax.tif': () => tiffOf({ ...base, bands: 1, compression: 4 }),
    'old-jpeg.tif': () => tiffOf({ ...base, compression: 6 }),
    'deflate-bomb.tif': () =>
      tiffOf({ width: 64, height: 3, bands: 3, compression: 8, blocks: [zeros(2 ** 26)] }),
    'lzw-bomb.tif': () => tiffOf({ width: 64, height: 3, bands: 3, compression: 5, blocks: [lzwBomb()] }),
    'lzw-noise.tif': () =>
      tiffOf({
        width: 64,
        height: 3,
        bands: 3,
        compression: 5,
        blocks: [Uint8Array.from({ length: 999 }, (_, i) => i * 37)],
      }),
    'jpeg-block-is-none.tif': () =>
      tiffOf({ ...base, compression: 7, colours: 6, tile: 64, blocks: [zeros(5000)] }),
    'large-strips.tif': () =>
      tiffOf({
        width: 4096,
        height: 4096,
        bands: 3,
        compression: 8,
        fields: [long(278, 4096)],
        blocks: [zeros(3 * 2 ** 24)],
      }),
    'large-float.tif': () =>
      tiffOf({
        width: 4096,
        height: 4096,
        bits: 64,
        format: 3,
        compression: 8,
        fields: [long(278, 4096)],
        blocks: [zeros(2 ** 27)],
      }),
    'shared-strips.tif': sharedStrips(3200, zeros(3200 * 13 * 2)),
    'nan.tif': () => tiffOf({ width: 8, height: 8, bits: 32, format: 3 }, () => Number.NaN),
    'infinite.tif': () =>
      tiffOf({ width: 8, height: 8, bits: 64, format: 3 }, (x) =>
        x % 2 ? Number.MAX_VALUE : -Number.MAX_VALUE,
      ),
    'no-palette.tif': () => tiffOf({ width: 8, height: 8, colours: 3 }),
    'short-palette.tif': () =>
      tiffOf({ width: 8, height: 8, colours: 3, fields: [{ tag: 320, type: 'short', values: [1, 2, 3] }] }),
    'odd-geokeys.tif': () =>
      tiffOf({
        ...base,
        fields: [
          { tag: 34735, type: 'short', values: [1, 1, 0, 999, 1024, 34737, 9, 9] },
          { tag: 33550, type: 'double', values: [Number.NaN, 0, 0] },
          { tag: 33922, type: 'double', values: [0, 0, 0, 0, 0, 0] },
        ],
      }),
    'planar-9.tif': () => tiffOf({ ...base, fields: [long(284, 9)] }),
    'packbits-bomb.tif': () =>
      tiffOf({ ...base, tile: 64, compression: 32773, blocks: [new Uint8Array(2 ** 24).fill(129)] }),
    'zstd-bomb.tif': () => tiffOf({ ...base, tile: 64, compression: 50000, blocks: [zstdBomb(8000)] }),
    'zstd-window.tif': () =>
      tiffOf({ ...base, tile: 64, compression: 50000, blocks: [Uint8Array.of(...ZSTD, 0, 0xff, 1, 0, 0)] }),
    'zstd-size.tif': () => {
      const claims = Uint8Array.of(...ZSTD, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 0, 0);
      return tiffOf({ ...base, tile: 64, compression: 50000, blocks: [claims] });
    },
    'webp-is-none.tif': () => tiffOf({ ...base, tile: 64, compression: 50001, blocks: [zeros(5000)] }),
    'lerc-none.tif': () => tiffOf({ ...base, tile: 64, compression: 34887, blocks: [zeros(5000)] }),
    'lerc-codes.tif': () => lercTiff([2, 0x7fffffff, 0, 0x7fffffff]),
    'lerc-backwards.tif': () => lercTiff([2, -1, -0x7fffffff, 0x7fffffff]),
    'lerc-few-codes.tif': () => lercTiff([2, 256, 0, 256]),
    'mask-loop.tif': () => {
      const bytes = tiffOf(base);
      const view = new DataView(bytes.buffer);
      view.setUint32(nextAt(view), 8, true);
      return bytes;
    },
  };
  return Object.entries(cases).map(([name, bytes]) => ({ name, bytes }));
}

const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/** Blocks that each repeat a byte 131,072 times. */
function zstdBomb(blocks: number): Uint8Array {
  const block = [(1 << 1) | 0, 0, 1 << 4, 0];
  return Uint8Array.of(...ZSTD, 0, 0x50, ...new Array<number[]>(blocks).fill(block).flat());
}

/** A blob of LERC 2.2 with a good head, and a table of Huffman codes whose version, size, begin and end are these. */
function lercTiff(table: readonly number[]): Uint8Array {
  const blob = new Uint8Array(200);
  const view = new DataView(blob.buffer);
  blob.set(latin1('Lerc2 '));
  for (const [i, word] of [2, 64, 64, 64 * 64, 8, blob.length, 1].entries())
    view.setInt32(6 + 4 * i, word, true);
  for (const [i, number] of [0.5, 0, 255].entries()) view.setFloat64(34 + 8 * i, number, true);
  // No mask, not in one sweep, by differences of neighbours.
  blob.set([0, 0, 0, 0, 0, 1], 58);
  for (const [i, word] of table.entries()) view.setInt32(64 + 4 * i, word, true);
  return tiffOf({ width: 64, height: 64, tile: 64, compression: 34887, blocks: [blob] });
}

/** A clear, then each code the newest there is: the piece grows by a byte each time, to 3,800 for 12 bits. */
function lzwBomb(): Uint8Array {
  const bits: string[] = [];
  for (let round = 0; round < 200; round++) {
    bits.push((256).toString(2).padStart(9, '0'), '0'.repeat(9));
    for (let code = 258, width = 9; code < 4094; code++) {
      bits.push(code.toString(2).padStart(width, '0'));
      if (code + 2 >= 1 << width && width < 12) width++;
    }
  }
  const text = bits.join('');
  return Uint8Array.from({ length: Math.floor(text.length / 8) }, (_, i) =>
    Number.parseInt(text.slice(8 * i, 8 * i + 8), 2),
  );
}

/** A square of 13 bands, every row the same few bytes in the file: the most a file of its size can ask for. */
function sharedStrips(rows: number, block: Uint8Array): () => Uint8Array {
  return () => {
    const blocks = new Array<Uint8Array>(rows).fill(new Uint8Array(0));
    const bytes = tiffOf({
      width: rows,
      height: rows,
      bands: 13,
      bits: 16,
      colours: 1,
      compression: 8,
      fields: [long(278, 1)],
      blocks: [block, ...blocks.slice(1)],
    });
    const view = new DataView(bytes.buffer);
    const count = view.getUint16(8, true);
    for (let i = 0; i < count; i++) {
      const [tag, values] = [view.getUint16(10 + 12 * i, true), view.getUint32(10 + 12 * i + 8, true)];
      // Offsets and lengths of all strips become those of the first.
      if (tag !== 273 && tag !== 279) continue;
      const first = view.getUint32(values, true);
      for (let row = 0; row < rows; row++) view.setUint32(values + 4 * row, first, true);
    }
    return bytes;
  };
}

/** Chunks with right checksums and wrong intentions. */
function pngs(whole: Uint8Array): HostileInput[] {
  const chunk = (type: string, data: Uint8Array) => {
    const bytes = new Uint8Array(12 + data.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, data.length);
    bytes.set(latin1(type), 4);
    bytes.set(data, 8);
    view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
    return bytes;
  };
  const header = (width: number, height: number, bits: number, colours: number, interlaced = 0) => {
    const bytes = new Uint8Array(13);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, width);
    view.setUint32(4, height);
    bytes.set([bits, colours, 0, 0, interlaced], 8);
    return chunk('IHDR', bytes);
  };
  const file = (...chunks: Uint8Array[]) =>
    new Uint8Array(Buffer.concat([MAGICS[1], ...chunks, chunk('IEND', new Uint8Array(0))]));
  const data = (length: number) => chunk('IDAT', new Uint8Array(deflateSync(new Uint8Array(length))));
  const bomb = new Uint8Array([...latin1('k\0\0'), ...deflateSync(new Uint8Array(2 ** 26))]);
  const inWhole = (extra: Uint8Array) =>
    new Uint8Array(Buffer.concat([whole.subarray(0, 33), extra, whole.subarray(33)]));
  const cases: Record<string, () => Uint8Array> = {
    'deep.png': () => file(header(64, 64, 16, 2), data(64 * (64 * 6 + 1))),
    'deep-grey.png': () => file(header(64, 64, 16, 0), data(64 * (64 * 2 + 1))),
    'bit.png': () => file(header(64, 64, 1, 0), data(64 * 9)),
    'interlaced.png': () => file(header(8, 8, 8, 0, 1), data(64 + 15)),
    'no-palette.png': () => file(header(8, 8, 8, 3), data(72)),
    'absurd.png': () => file(header(0x7fffffff, 0x7fffffff, 8, 2), data(10)),
    'line.png': () => file(header(16_000_000, 1, 8, 0), data(16_000_001)),
    'no-size.png': () => file(header(0, 64, 8, 2), data(10)),
    'too-little.png': () => file(header(4096, 4096, 8, 2), data(10)),
    'too-much.png': () => file(header(8, 8, 8, 0), data(2 ** 26)),
    'large.png': () => file(header(4096, 4096, 8, 6), data(4096 * (4096 * 4 + 1))),
    'large-deep.png': () => file(header(4096, 4096, 16, 6), data(4096 * (4096 * 8 + 1))),
    'bits-3.png': () => file(header(8, 8, 3, 2), data(100)),
    'no-data.png': () => file(header(8, 8, 8, 2)),
    'text-bomb.png': () => inWhole(chunk('zTXt', bomb)),
    'profile-bomb.png': () => inWhole(chunk('iCCP', bomb)),
    'animated.png': () => inWhole(chunk('acTL', Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 0))),
    'two-headers.png': () => inWhole(header(9999, 9999, 8, 2)),
  };
  return Object.entries(cases).map(([name, bytes]) => ({ name, bytes }));
}

function jpegs(whole: Uint8Array): HostileInput[] {
  const frameAt = whole.findIndex(
    (byte, i) => byte === 0xff && (whole[i + 1] === 0xc0 || whole[i + 1] === 0xc2),
  );
  const scanAt = whole.findLastIndex((byte, i) => byte === 0xff && whole[i + 1] === 0xda);
  const patched =
    (at: number, ...bytes: number[]) =>
    () => {
      const copy = whole.slice();
      copy.set(bytes, at);
      return copy;
    };
  const cases: Record<string, () => Uint8Array> = {
    'cmyk.jpg': patched(frameAt + 9, 4),
    'two-colours.jpg': patched(frameAt + 9, 2),
    'absurd.jpg': patched(frameAt + 5, 0xff, 0xff, 0xff, 0xff),
    'large.jpg': patched(frameAt + 5, 0x10, 0, 0x10, 0),
    'no-size.jpg': patched(frameAt + 5, 0, 0, 0, 0),
    'twelve-bits.jpg': patched(frameAt + 4, 12),
    'arithmetic.jpg': patched(frameAt + 1, 0xc9),
    'lossless.jpg': patched(frameAt + 1, 0xc3),
    // Thousands of scans over a large picture: work without bytes.
    'scans.jpg': () => {
      const large = patched(frameAt + 5, 0x10, 0, 0x10, 0)();
      const scan = large.subarray(scanAt, large.length - 2);
      return new Uint8Array(
        Buffer.concat([large.subarray(0, -2), ...new Array(3000).fill(scan), large.subarray(-2)]),
      );
    },
  };
  return Object.entries(cases).map(([name, bytes]) => ({ name, bytes }));
}

function webps(whole: Uint8Array): HostileInput[] {
  const riff = (...parts: Uint8Array[]) => {
    const body = Buffer.concat([latin1('WEBP'), ...parts]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(body.length);
    return new Uint8Array(Buffer.concat([latin1('RIFF'), size, body]));
  };
  const extended = (flags: number, size: number[]) =>
    Uint8Array.of(...latin1('VP8X'), 10, 0, 0, 0, flags, 0, 0, 0, ...size);
  const body = whole.subarray(12);
  const cases: Record<string, () => Uint8Array> = {
    'animated.webp': () => riff(extended(2, [63, 0, 0, 63, 0, 0]), body),
    'absurd.webp': () => riff(extended(0, [255, 255, 255, 255, 255, 255]), body),
    'lies.webp': () => riff(extended(0, [1, 0, 0, 1, 0, 0]), body),
    'no-picture.webp': () => riff(extended(0, [63, 0, 0, 63, 0, 0]), new Uint8Array(20)),
  };
  return Object.entries(cases).map(([name, bytes]) => ({ name, bytes }));
}

function zips(tile: Uint8Array): HostileInput[] {
  const zip =
    (files: Iterable<readonly [string, Uint8Array]>, level = 6) =>
    async () =>
      new Uint8Array(await (await zipOf(files, level)).arrayBuffer());
  const nested = async (depth: number): Promise<Uint8Array> =>
    depth === 0
      ? tile
      : zip([
          ['inner.zip', await nested(depth - 1)],
          ['again.zip', await nested(depth - 1)],
        ])();
  /** The size a file claims in the directory at the end, changed behind the writer's back. */
  const lying = async (claimed: number) => {
    const bytes = await zip([['bomb.png', new Uint8Array(2 ** 25)]])();
    const view = new DataView(bytes.buffer);
    const at = bytes.findLastIndex((_, i) => i + 4 <= bytes.length && view.getUint32(i, true) === 0x02014b50);
    view.setUint32(at + 24, claimed, true);
    return bytes;
  };
  const patchedDirectory = (offset: number, value: number) => async () => {
    const bytes = await zip([['a.png', tile]])();
    const view = new DataView(bytes.buffer);
    const at = bytes.findLastIndex((_, i) => i + 4 <= bytes.length && view.getUint32(i, true) === 0x02014b50);
    view.setUint16(at + offset, value, true);
    return bytes;
  };
  const many = Array.from({ length: 2_100 }, (_, i) => [`${i}.txt`, new Uint8Array(0)] as const);
  const cases: Record<string, () => Promise<Uint8Array>> = {
    'bomb.zip': zip([['zeros.png', new Uint8Array(2 ** 26)]]),
    'bombs.zip': zip(Array.from({ length: 20 }, (_, i) => [`${i}.tif`, new Uint8Array(2 ** 20)] as const)),
    'lies-small.zip': () => lying(1000),
    'lies-fitting.zip': () => lying(2 ** 24),
    'nested.zip': () => nested(3),
    'deep.zip': () => nested(6),
    'many.zip': zip(many, 0),
    'up.zip': zip([['../../../../etc/passwd.png', tile]]),
    'absolute.zip': zip([['/etc/passwd.png', tile]]),
    'windows.zip': zip([['C:\\Windows\\..\\a.png', tile]]),
    'nul.zip': zip([['a\0b.png', tile]]),
    'prototype.zip': zip([['__proto__/constructor.png', tile]]),
    'long.zip': zip([[`${'a/'.repeat(900)}b.png`, tile]]),
    'folders.zip': zip([
      ['a/', new Uint8Array(0)],
      ['b/', new Uint8Array(0)],
    ]),
    'encrypted.zip': patchedDirectory(8, 1),
    'method.zip': patchedDirectory(10, 97),
  };
  return Object.entries(cases).map(([name, bytes]) => ({ name, bytes }));
}
