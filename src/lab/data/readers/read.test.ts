import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { cases } from '../../testing/properties';
import type { Dataset } from '../dataset';
import { cifarBatch, cifarValue, gzipped, idx, mnistPart, streamed, tarred } from '../testing/official';
import { entriesOf } from '../testing/pictures';
import { CIFAR10_CLASSES } from './cifar';
import { readDataset } from './read';

const read = (files: Record<string, Uint8Array>): Promise<Dataset> => readDataset('mine', entriesOf(files));
const text = (words: string) => new TextEncoder().encode(words);
const labels = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });

describe('CIFAR-10', () => {
  test('every pixel, label and part is where the records say', async () => {
    await fc.assert(
      fc.asyncProperty(labels, labels, labels, async (first, second, tested) => {
        const dataset = await read({
          'cifar-10-batches-bin/test_batch.bin': cifarBatch(tested, 40),
          'cifar-10-batches-bin/data_batch_2.bin': cifarBatch(second, 20),
          'cifar-10-batches-bin/data_batch_1.bin': cifarBatch(first),
        });
        const all = [...first, ...second, ...tested];
        expect([...dataset.labels]).toEqual(all);
        expect([dataset.size, dataset.channels, dataset.count]).toEqual([32, 3, all.length]);
        const train = first.length + second.length;
        expect(dataset.keys).toEqual(
          all.map((label, i) => {
            const [part, index] = i < train ? ['train', i] : ['test', i - train];
            return `${part}/${CIFAR10_CLASSES[label]}/${String(index).padStart(5, '0')}`;
          }),
        );
        const record = (i: number) =>
          i < first.length ? i : i < train ? i - first.length + 20 : i - train + 40;
        const expected = dataset.pixels.map((_, at) =>
          cifarValue(record(Math.floor(at / 3072)), at % 3, Math.floor((at % 3072) / 3)),
        );
        expect(Buffer.compare(dataset.pixels, expected)).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  test('a folder, a tar and a tar.gz in pieces of any size are the same data set', async () => {
    const files = {
      'cifar-10-batches-bin/batches.meta.txt': text(CIFAR10_CLASSES.join('\n')),
      'cifar-10-batches-bin/data_batch_2.bin': cifarBatch([4, 5, 6], 3),
      'cifar-10-batches-bin/readme.html': text('<html>'.repeat(800)),
      'cifar-10-batches-bin/test_batch.bin': cifarBatch([7, 8]),
      'cifar-10-batches-bin/data_batch_1.bin': cifarBatch([1, 2, 3]),
    };
    const fromFolder = await read(files);
    expect(fromFolder.title).toBe('CIFAR-10 subset, n = 8');
    const tar = await tarred(files);
    expect(await read({ renamed: tar })).toEqual(fromFolder);
    const gz = await gzipped(tar);
    for (const chunk of [1, 100, 4096, gz.length]) {
      expect(await readDataset('mine', [streamed('anything.zip', gz, chunk)])).toEqual(fromFolder);
    }
  });
});

describe('MNIST', () => {
  test('every value, label and part is where the files say', async () => {
    await fc.assert(
      fc.asyncProperty(labels, labels, async (trained, tested) => {
        const [train, held] = [mnistPart('train', trained), mnistPart('t10k', tested)];
        const dataset = await read({ ...held, ...train });
        expect([...dataset.labels]).toEqual([...trained, ...tested]);
        expect([dataset.size, dataset.channels, dataset.title]).toEqual([4, 1, 'mine']);
        expect([...dataset.pixels]).toEqual([
          ...train['train-images-idx3-ubyte'].subarray(16),
          ...held['t10k-images-idx3-ubyte'].subarray(16),
        ]);
        expect(dataset.keys[0]).toBe(`train/${trained[0]}/00000`);
        expect(dataset.keys.at(-1)).toBe(
          `test/${tested.at(-1)}/${String(tested.length - 1).padStart(5, '0')}`,
        );
      }),
      { numRuns: cases(20) },
    );
  });

  test('gzip is seen in the bytes, whatever the name; one part alone will do', async () => {
    const plain = mnistPart('train', [3, 1, 4]);
    const packed: Record<string, Uint8Array> = {};
    for (const [path, bytes] of Object.entries(plain)) packed[`${path} (1)`] = await gzipped(bytes);
    expect(await read(packed)).toEqual(await read(plain));
  });
});

describe('what is broken is refused in one sentence', () => {
  const refused = async (files: Record<string, Uint8Array>, message: RegExp) => {
    const error = await read(files).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadInput);
    expect((error as Error).message).toMatch(message);
  };
  const batch = cifarBatch([1, 2, 3, 4]);
  const part = mnistPart('train', [1, 2, 3]);
  const [pictures, labelFile] = Object.keys(part);

  test('a truncated batch', () =>
    refused(
      { 'data_batch_1.bin': batch.subarray(0, -1) },
      /^data_batch_1\.bin is truncated or no CIFAR-10 batch: its 12291 bytes are no whole number of records of 3073\.$/,
    ));
  test('a label out of range, in the first record or a later one', async () => {
    await refused({ 'a.bin': cifarBatch([1, 2, 10, 3]) }, /^Record 2 of a\.bin has the label 10;/);
    await refused({ 'a.bin': cifarBatch([255, 2, 1, 3]) }, /^Record 0 of a\.bin has the label 255;/);
  });
  test('a damaged batch beside whole ones', () =>
    refused(
      { 'data_batch_1.bin': batch, 'data_batch_2.bin': new Uint8Array(99) },
      /^data_batch_2\.bin is neither a picture/,
    ));
  test('more pictures than the set has', async () => {
    const half = cifarBatch(new Array(5_001).fill(0));
    await refused(
      { 'test_batch.bin': half, 'test_batch copy.bin': half },
      /holds 10002 test pictures while CIFAR-10 has 10000/,
    );
  });
  test('any cut of a tar.gz or of a tar', async () => {
    const tar = await tarred({ 'b/data_batch_1.bin': batch, 'b/test_batch.bin': batch });
    const gz = await gzipped(tar);
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.001, max: 0.999, noNaN: true }), async (share) => {
        for (const whole of [gz, tar.subarray(0, tar.length - 1024)]) {
          const cut = whole.subarray(0, Math.max(600, Math.floor(share * whole.length)));
          if (cut.length === whole.length) continue;
          await refused({ 'cifar.tar.gz': cut }, /^cifar\.tar(\.gz)? is truncated or damaged \(.+\); fetch/);
        }
      }),
      { numRuns: cases(25) },
    );
  });
  test('a flipped byte in a gzip', async () => {
    const gz = await gzipped(part[pictures]);
    gz[gz.length - 6] ^= 1; // In its checksum.
    await refused({ [pictures]: gz, [labelFile]: part[labelFile] }, /-ubyte is truncated or damaged \(/);
  });
  test('a flipped byte in a tar header', async () => {
    const tar = await tarred({ 'b/data_batch_1.bin': batch });
    tar[3] ^= 1;
    await refused({ 'x.tar': tar }, /^x\.tar is truncated or damaged \(/);
  });
  test('an IDX file that is too short, too long, or of another type', async () => {
    const other = (bytes: Uint8Array) => ({ ...part, [pictures]: bytes });
    await refused(other(part[pictures].subarray(0, -1)), /is truncated: it has 63 bytes instead of 64;/);
    await refused(other(Uint8Array.from([...part[pictures], 0])), /is damaged: it has 65 bytes instead/);
    await refused(other(part[pictures].subarray(0, 9)), /is truncated: it has 9 bytes instead of 16;/);
    await refused(other(Uint8Array.from([0, 0, 13, 3])), /holds values of IDX type 13/);
    await refused(other(Uint8Array.from([1, 0, 8, 3, 0])), /-ubyte is neither a picture/);
    await refused(other(new Uint8Array()), /-ubyte is empty: it holds no byte/);
  });
  test('pictures and labels that do not belong together', async () => {
    await refused(
      { ...part, [labelFile]: idx([2], new Uint8Array(2)) },
      /holds 3 pictures, but train-labels-idx1-ubyte 2 labels/,
    );
    await refused(
      { [pictures]: part[pictures] },
      /^mine holds training pictures but not their labels; give a folder with both/,
    );
    await refused({ ...part, 'train copy': part[pictures] }, /both hold training pictures/);
    await refused(
      { ...part, [labelFile]: idx([3], Uint8Array.of(1, 10, 3)) },
      /^Label 1 of train-labels-idx1-ubyte is 10, but MNIST has 0 to 9/,
    );
    await refused({ ...part, ...mnistPart('t10k', [1], 6) }, /pictures of different sizes/);
    await refused({ ...part, [pictures]: idx([3, 4, 6], new Uint8Array(72)) }, /pictures of 6×4; tiles must/);
    await refused({ ...part, [pictures]: idx([3, 5, 5], new Uint8Array(75)) }, /pictures of 5×5; tiles must/);
    await refused({ ...part, [pictures]: idx([3, 2, 2, 1], new Uint8Array(12)) }, /has 4 dimensions/);
    await refused({ e: idx([0, 4, 4], new Uint8Array()), f: idx([0], new Uint8Array()) }, /^e is empty/);
  });
  test('two layouts in one folder, archives in archives, nothing', async () => {
    await refused(
      { ...part, 'a.bin': batch },
      /holds files of MNIST and of CIFAR-10|of CIFAR-10 and of MNIST/,
    );
    let nested: Uint8Array = batch;
    for (let i = 0; i < 4; i++) nested = await gzipped(nested);
    await refused({ 'a.gz': nested }, /^a is an archive within archives/);
    await refused({}, /holds no picture/);
    await refused({ 'a.txt': text('nothing'), 'b.txt': text('here') }, /holds no picture/);
    await refused({ 'a.zip': text('') }, /^a\.zip is empty/);
    await refused({ 'a.txt': text('nothing') }, /^a\.txt is neither a picture, nor a zip, nor a file in/);
  });
});

test('reading stops when asked to', async () => {
  const reading = readDataset('mine', entriesOf({ 'a.bin': cifarBatch([1]) }), {
    signal: AbortSignal.abort(),
  });
  await expect(reading).rejects.toThrow(/abort/i);
});

describe('sets that look like another', () => {
  const rowOf = (n: number, seed: number) =>
    Uint8Array.from({ length: n }, (_, i) => (i * 7 + seed * 31) & 255);

  test('CIFAR-100 has two labels in a record; the second is the class', async () => {
    const batch = (labels: readonly (readonly [number, number])[]) =>
      Uint8Array.from(labels.flatMap(([coarse, fine], i) => [coarse, fine, ...rowOf(3072, i)]));
    const dataset = await read({
      'cifar-100-binary/train.bin': batch([
        [11, 19],
        [15, 29],
        [4, 99],
      ]),
      'cifar-100-binary/test.bin': batch([[0, 0]]),
      'cifar-100-binary/fine_label_names.txt': new TextEncoder().encode('apple\n'),
    });
    expect([dataset.title, dataset.classes.length]).toEqual(['CIFAR-100 subset, n = 4', 100]);
    expect(dataset.keys).toEqual([
      'train/cattle/00000',
      'train/dinosaur/00001',
      'train/worm/00002',
      'test/apple/00000',
    ]);
    const first = rowOf(3072, 0);
    expect([...dataset.pixels.subarray(0, 3)]).toEqual([first[0], first[1024], first[2048]]);
    await expect(
      read({
        'train.bin': batch([
          [1, 2],
          [3, 4],
          [5, 6],
        ]).subarray(0, -9),
      }),
    ).rejects.toThrow(/^train\.bin is truncated or no CIFAR-100 batch/);
  });

  test('whatever a batch holds, it is of the set whose records it has', async () => {
    const value = fc.integer({ min: 0, max: 255 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(19), fc.nat(99), value), { minLength: 2, maxLength: 6 }),
        async (rows) => {
          const records = (labels: (row: readonly number[]) => number[]) =>
            Uint8Array.from(rows.flatMap((row) => [...labels(row), ...rowOf(3072, 5 + row[2])]));
          const hundred = await read({ 'a.bin': records(([coarse, fine]) => [coarse, fine]) });
          const ten = await read({ 'a.bin': records(([coarse]) => [coarse % 10]) });
          expect([hundred, ten].map(({ classes }) => classes.length)).toEqual([100, 10]);
          expect([...hundred.labels]).toEqual(rows.map(([, fine]) => fine));
          expect([...ten.labels]).toEqual(rows.map(([coarse]) => coarse % 10));
        },
      ),
      { numRuns: cases(20) },
    );
  });

  test('EMNIST is known by its names: its classes, and its pictures put upright', async () => {
    const files = (set: string, labels: readonly number[]) => ({
      [`emnist-${set}-train-images-idx3-ubyte`]: idx([labels.length, 4, 4], rowOf(16 * labels.length, 1)),
      [`emnist-${set}-train-labels-idx1-ubyte`]: idx([labels.length], Uint8Array.from(labels)),
    });
    const dataset = await read(files('letters', [1, 26]));
    expect([dataset.classes.length, dataset.keys]).toEqual([26, ['train/A/00000', 'train/Z/00001']]);
    const side = rowOf(32, 1);
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) expect(dataset.pixels[16 + 4 * y + x]).toBe(side[16 + 4 * x + y]);
    }
    const classes = async (set: string, label: number) => {
      const dataset = await read(files(set, [0, label]));
      return [dataset.classes.length, dataset.classes[dataset.labels[1]]];
    };
    expect(await classes('balanced', 46)).toEqual([47, 't']);
    expect(await classes('byclass', 61)).toEqual([62, 'z']);
    expect(await classes('digits', 9)).toEqual([10, '9']);
    await expect(read(files('letters', [0]))).rejects.toThrow(
      /^Label 0 of .* is 0, but EMNIST Letters has 1 to 26\./,
    );
    await expect(read({ ...files('letters', [1]), ...mnistPart('t10k', [1]) })).rejects.toThrow(
      /different sets/,
    );
    await expect(read(mnistPart('train', [10]))).rejects.toThrow(
      /is 10, but MNIST has 0 to 9\. It is another set in the layout of MNIST: EMNIST is known by/,
    );
    await expect(read(mnistPart('train', [200]))).rejects.toThrow(
      /is 200, but MNIST has 0 to 9\. The file is damaged/,
    );
  });

  test('what is not read is named for what it is, and never to be fetched again', async () => {
    const latin = (words: string) => Uint8Array.from(words, (c) => c.charCodeAt(0));
    const pickle = latin('\x80\x02}q\x00(U\x04dataq\x01U\x06labelsq\x02u.');
    const kinds: [string, Uint8Array, RegExp][] = [
      ['cifar-10-batches-py/data_batch_1', pickle, /is a pickle of Python, .* binary version/],
      ['a.npy', latin('\x93NUMPY\x01\x00v\x00{}'), /an array of NumPy/],
      ['a.h5', latin('\x89HDF\r\n\x1a\n\0'), /an HDF5 file/],
      ['emnist-letters.mat', latin('MATLAB 5.0 MAT-file\0'), /a file of MATLAB/],
      ['a.parquet', latin('PAR1\0'), /a Parquet table/],
      ['a.rar', latin('Rar!\x1a\x07\x00'), /a RAR archive/],
      ['a.7z', latin('7z\xbc\xaf\x27\x1c\0'), /a 7z archive/],
      ['a.tar.xz', latin('\xfd7zXZ\0'), /compressed with xz/],
      ['data.zip', latin('version https://git-lfs.github.com/spec/v1\n'), /a pointer of Git LFS/],
      ['EuroSAT.zip', latin('<!DOCTYPE html><html>'), /a web page/],
      ['a.bin', latin('\x00\x01\x02'), /neither a picture, nor a zip, .*; leave it out/],
    ];
    for (const [path, bytes, message] of kinds) {
      const error = await read({ [path]: bytes }).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(BadInput);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).not.toMatch(/fetch it again/i);
      if (!/leave it out/.test(message.source)) {
        const packed = { 'set.tar.gz': await gzipped(await tarred({ [path]: bytes })) };
        await expect(read(packed)).rejects.toThrow(message);
      }
    }
  });
});
