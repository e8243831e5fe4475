import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { isZip } from '../../pictures/decode/kind';
import { entriesOf, loadCodecs, picture, png, zipOf } from '../testing/pictures';
import type { Entry } from './entry';
import { EUROSAT_CLASSES } from './eurosat';
import { readImageFolder } from './imageFolder';
import { type ByteSource, blobSource, readAhead, zipEntries } from './zip';

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
    'EuroSAT subset, n = 300',
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

  test('a bomb is not unpacked', async () => {
    const [entry] = await list(await zipOf([['a/1.png', new Uint8Array(2 ** 20)]], 9));
    await expect(entry.bytes()).rejects.toThrow(/^a\/1\.png in my\.zip unpacks to 1048576 bytes, too many/);
  });

  test('unsafe and endless paths are refused', async () => {
    await expect(list(await zipOf([['../a/1.png', text('x')]]))).rejects.toThrow(BadInput);
    await expect(list(await zipOf([[`${'a'.repeat(2000)}/1.png`, text('x')]]))).rejects.toThrow(
      /2006 characters/,
    );
  });
});
