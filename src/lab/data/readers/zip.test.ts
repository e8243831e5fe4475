import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { isZip } from '../../pictures/decode/kind';
import { tiffOf } from '../../pictures/testing/tiffs';
import { idx, mnistPart } from '../testing/official';
import { entriesOf, loadCodecs, picture, png, zipOf } from '../testing/pictures';
import { type ByteSource, blobSource, readAhead } from './byteSource';
import type { Entry } from './entry';
import { EUROSAT_CLASSES } from './eurosat';
import { readImageFolder } from './imageFolder';
import { readDataset } from './read';
import { datasetLimit, pictureLimit, zipEntries } from './zip';

beforeAll(loadCodecs);

const list = async (blob: Blob): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for await (const entry of zipEntries(blobSource(blob), 'my.zip')) entries.push(entry);
  return entries;
};
const text = (words: string) => new TextEncoder().encode(words);

test.each([0, 6])(
  'files come back whole at compression level %i, directories with a slash',
  async (level) => {
    const entries = await list(
      await zipOf(
        [
          ['a/', text('')],
          ['a/1.txt', text('one '.repeat(20))],
        ],
        level,
      ),
    );
    expect(entries.map(({ path }) => path)).toEqual(['a/', 'a/1.txt']);
    expect(await entries[1].bytes()).toEqual(text('one '.repeat(20)));
  },
);

test('a zip is told by its bytes', async () => {
  const bytes = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
  expect(isZip(await bytes(await zipOf([['a', text('x')]])))).toBe(true);
  expect(isZip(await bytes(await zipOf([])))).toBe(true);
  expect(isZip(text('PKzip'))).toBe(false);
  await expect(list(new Blob(['not a zip']))).rejects.toThrow('my.zip is not a zip file.');
});

test('the official layout gives the same data set as the folder, read in place', async () => {
  const files: [string, Uint8Array][] = [['2750/', new Uint8Array(0)]];
  for (const name of EUROSAT_CLASSES) {
    for (let n = 1; n <= 30; n++)
      files.push([`2750/${name}/${name}_${n}.jpg`, await png(picture(16, 16, n * 31 + name.length))]);
  }
  const blob = await zipOf(files);
  let [read, largest] = [0, 0];
  const watched: ByteSource = {
    size: blob.size,
    async read(offset, length) {
      const bytes = await blobSource(blob).read(offset, length);
      read += bytes.length;
      largest = Math.max(largest, bytes.length);
      return bytes;
    },
  };
  const fromZip = await readImageFolder('eurosat', zipEntries(watched, 'EuroSAT.zip'));
  expect(fromZip).toEqual(await readImageFolder('eurosat', entriesOf(Object.fromEntries(files))));
  expect([fromZip.count, fromZip.title, fromZip.keys[0]]).toEqual([
    300,
    'eurosat',
    'AnnualCrop/AnnualCrop_1.jpg',
  ]);
  expect(largest).toBeLessThan(blob.size / 2);
  // Not the whole file for each picture, though their order in the zip is not the one they are read in.
  expect(read).toBeLessThan(4 * blob.size);
});

test('reading ahead gives the same bytes, in fewer reads where they follow each other', async () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => i);
  let asked = 0;
  const source: ByteSource = {
    size: 200,
    async read(at, n) {
      asked++;
      return bytes.slice(at, at + n);
    },
  };
  const reads = fc.array(fc.tuple(fc.integer({ min: 0, max: 220 }), fc.integer({ min: 0, max: 60 })));
  await fc.assert(
    fc.asyncProperty(reads, async (list) => {
      const ahead = readAhead(source, 32);
      for (const [at, n] of list) expect(await ahead.read(at, n)).toEqual(bytes.slice(at, at + n));
    }),
  );
  asked = 0;
  const ahead = readAhead(source, 50);
  for (let at = 0; at < 200; at += 10) await ahead.read(at, 10);
  expect(asked).toBe(4);
});

describe('what compresses well is no bomb', () => {
  const readZip = async (files: Iterable<readonly [string, Uint8Array]>, level = 9) =>
    readDataset(
      'mine',
      zipEntries(blobSource(await zipOf(files, level)), 'my.zip', { limitOf: datasetLimit }),
    );

  test('blank tiles of 13 bands, and of three', async () => {
    const blank = tiffOf({ width: 64, height: 64, bands: 13, bits: 16 }, () => 0);
    const full = tiffOf({ width: 64, height: 64, bands: 13, bits: 16 }, (x, y, band) => 40 * (x + y) + band);
    const zip = await zipOf([['a/1.tif', blank]], 9);
    expect(blank.length / zip.size).toBeGreaterThan(200);
    const files = ['a', 'b'].flatMap((name) => [
      [`${name}/blank.tif`, blank] as const,
      [`${name}/full.tif`, full] as const,
    ]);
    expect((await readZip(files)).count).toBe(4);
    const white = await png({ ...picture(64, 64), data: new Uint8ClampedArray(4 * 64 * 64).fill(255) });
    expect((await readZip([...files.slice(0, 2), ['b/white.png', white]])).count).toBe(3);
  });

  test('the files of a published set, which are larger than a picture may be', async () => {
    // 43,000 pictures as large as MNIST's, and emptier.
    const labels = Uint8Array.from({ length: 43_000 }, (_, i) => i % 10);
    const files = Object.entries({
      'train-images-idx3-ubyte': idx([labels.length, 28, 28], new Uint8Array(labels.length * 28 * 28)),
      'train-labels-idx1-ubyte': idx([labels.length], labels),
      ...mnistPart('t10k', [1, 2], 28),
    });
    expect(files[0][1].length).toBeGreaterThan(2 ** 25);
    const { count, classes } = await readZip(files, 1);
    expect([count, classes.length]).toEqual([43_002, 10]);
    // Where pictures are looked at, and by the name of one, it is none.
    expect([pictureLimit(files[0][0]), datasetLimit('a/1.png')]).toEqual([2 ** 25, 2 ** 25]);
  });
});

describe('paths written on Windows', () => {
  const paths = async (...names: string[]) =>
    (await list(await zipOf(names.map((name) => [name, text('x')] as const)))).map(({ path }) => path);

  test('have folders, whatever stands between them', async () => {
    expect(await paths('set\\a\\1.png', 'set\\b\\')).toEqual(['set/a/1.png', 'set/b/']);
    expect(await paths('set/a/odd\\name.png')).toEqual(['set/a/odd\\name.png']);
  });

  test('lead nowhere', async () => {
    for (const path of ['..\\a\\1.png', 'a\\..\\..\\1.png', 'C:\\a\\1.png', '\\\\host\\1.png'])
      await expect(paths(path)).rejects.toThrow(BadInput);
  });
});

describe('a broken zip', () => {
  test.each([0.1, 0.5, 0.9, 0.99])('cut off at %f of its length is refused', async (share) => {
    const blob = await zipOf(
      Array.from({ length: 20 }, (_, i) => [`a/${i}.txt`, text(`file ${i}`)] as const),
    );
    await expect(list(blob.slice(0, Math.floor(share * blob.size)))).rejects.toThrow(
      /^my\.zip is truncated or damaged/,
    );
  });

  test('a damaged file is refused by name when its turn comes', async () => {
    const bytes = new Uint8Array(await (await zipOf([['a/1.txt', text('hello world')]])).arrayBuffer());
    bytes[bytes.findIndex((byte, i) => byte === 0x68 && bytes[i + 1] === 0x65)] ^= 1;
    const [entry] = await list(new Blob([bytes]));
    await expect(entry.bytes()).rejects.toThrow(/^a\/1\.txt in my\.zip is damaged/);
    await expect(entry.bytes()).rejects.toThrow(BadInput);
  });

  test('a bomb is not unpacked: neither one that is larger than its kind may be, nor many together', async () => {
    const [entry] = await list(await zipOf([['a/1.png', new Uint8Array(2 ** 25 + 1)]], 9));
    await expect(entry.bytes()).rejects.toThrow(
      /^a\/1\.png in my\.zip unpacks to 33554433 bytes; a file of its kind may have 33554432 at most/,
    );
    const many = Array.from({ length: 9 }, (_, i) => [`a/${i}.png`, new Uint8Array(2 ** 20)] as const);
    const blob = await zipOf(many, 9);
    let taken = 0;
    const unpackAll = async () => {
      for await (const { bytes } of zipEntries(blobSource(blob), 'my.zip', { slack: 2 ** 21 }))
        taken += (await bytes()).length;
    };
    await expect(unpackAll()).rejects.toThrow(/^my\.zip unpacks to more than 200 times its size/);
    expect(taken).toBe(2 ** 20 * Math.floor((200 * blob.size + 2 ** 21) / 2 ** 20));
  });

  test('what is whole and not read says why, and is not to be fetched again', async () => {
    const bytes = new Uint8Array(await (await zipOf([['a/1.png', text('hello world')]], 9)).arrayBuffer());
    const view = new DataView(bytes.buffer);
    // The method of compression, in the file's own header and in the directory: 14 is LZMA.
    for (let at = 0; at < bytes.length - 4; at++) {
      const signature = view.getUint32(at, true);
      if (signature === 0x04034b50) view.setUint16(at + 8, 14, true);
      if (signature === 0x02014b50) view.setUint16(at + 10, 14, true);
    }
    const [entry] = await list(new Blob([bytes]));
    await expect(entry.bytes()).rejects.toThrow(
      /^a\/1\.png in my\.zip is compressed in a way that the lab does not read; pack it anew/,
    );
    await expect(list(await zipOf([['../a/1.png', text('x')]]))).rejects.toThrow(
      /leads out of it; pack it anew/,
    );
  });

  test('unsafe and endless paths are refused', async () => {
    await expect(list(await zipOf([['../a/1.png', text('x')]]))).rejects.toThrow(BadInput);
    await expect(list(await zipOf([[`${'a'.repeat(2000)}/1.png`, text('x')]]))).rejects.toThrow(
      /2006 characters/,
    );
  });
});
