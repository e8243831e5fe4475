import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { drawRotated } from '../../src/lab/data/rotated';
import { DEFAULT_FRACTIONS, stratifiedSplit } from '../../src/lab/data/split/splits';
import { cifarBatch, gzipped, mnistPart, tarred } from '../../src/lab/data/testing/official';
import { jpeg, loadCodecs, picture, png, zipOf } from '../../src/lab/data/testing/pictures';
import { classCounts, datasetHash } from '../../src/lab/data/tiles';
import { BadInput } from '../../src/lab/errors';
import { importDataset, listDatasets, openDataset, removeDataset } from './data';

const top = await mkdtemp(join(tmpdir(), 'orbit-lab-'));
let root: string;
let made = 0;
beforeAll(loadCodecs);
beforeEach(async () => {
  root = join(top, `${made++}`);
  await mkdir(root);
});
afterAll(() => rm(top, { recursive: true }));

/** Writes files below a fresh folder and returns it; paths that end with `/` become folders. */
async function folder(files: Record<string, Uint8Array>): Promise<string> {
  const at = join(root, `pictures ${made++}`);
  await mkdir(at);
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(at, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    if (!path.endsWith('/')) await writeFile(join(at, path), bytes);
  }
  return at;
}

async function tiles(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = { 'notes.txt': new Uint8Array(2) };
  for (let i = 0; i < 8; i++) files[`${i % 2 ? 'dog' : 'cat'}/${i}.png`] = await png(picture(4, 4, i));
  files['dog/9.jpg'] = await jpeg(picture(4, 4, 9));
  return files;
}

async function zipFile(files: Record<string, Uint8Array>, share = 1): Promise<string> {
  const blob = await zipOf(Object.entries(files));
  const file = join(root, `set ${made++}.zip`);
  await writeFile(file, new Uint8Array(await blob.slice(0, Math.floor(share * blob.size)).arrayBuffer()));
  return file;
}

test('a folder, its zip under any name and its import are the same tiles', async () => {
  const files = await tiles();
  const [fromFolder, fromZip] = [
    await openDataset(await folder(files)),
    await openDataset(await zipFile(files)),
  ];
  expect([fromFolder.count, fromFolder.classes, fromFolder.size]).toEqual([9, ['cat', 'dog'], 4]);
  expect(datasetHash(fromZip)).toBe(datasetHash(fromFolder));
  expect(fromZip.keys).toEqual(fromFolder.keys);

  const zip = await zipFile(files);
  const { dataset, file } = await importDataset(zip, 'pets', { root });
  expect(file).toBe(join(root, 'datasets', 'imported', 'pets.tiles'));
  expect(await readdir(dirname(file))).toEqual(['pets.tiles']);
  const opened = await openDataset('pets', { root });
  expect(opened).toEqual(dataset);
  expect([opened.name, opened.title, datasetHash(opened)]).toEqual(['pets', 'pets', datasetHash(fromFolder)]);
  expect(datasetHash(await openDataset(file))).toBe(datasetHash(fromFolder));
});

test('no warning is printed while a zip is read', async () => {
  const warned = vi.spyOn(process, 'emitWarning');
  await openDataset(await zipFile(await tiles()));
  expect(warned).not.toHaveBeenCalled();
});

test('the list names the synthetic set and what was imported', async () => {
  expect((await listDatasets({ root })).map(({ name }) => name)).toEqual(['synthetic']);
  await importDataset(await folder(await tiles()), 'pets', { root });
  await importDataset(await zipFile(await tiles()), 'animals', { root });
  const list = await listDatasets({ root });
  expect(list.map(({ name, count, synthetic }) => [name, count, synthetic])).toEqual([
    ['synthetic', 1200, true],
    ['animals', 9, false],
    ['pets', 9, false],
  ]);
});

describe('removing', () => {
  test('takes that set and no other, and tells what it was', async () => {
    const { file } = await importDataset(await folder(await tiles()), 'pets', { root });
    await importDataset(await zipFile(await tiles()), 'animals', { root });
    const { size } = await stat(file);
    const removed = await removeDataset('pets', { root });
    expect(removed).toEqual({ name: 'pets', title: 'pets', count: 9, bytes: size, file });
    expect((await listDatasets({ root })).map(({ name }) => name)).toEqual(['synthetic', 'animals']);
    await expect(openDataset('pets', { root })).rejects.toThrow(/no data set named pets/);
  });

  test('takes a damaged set too, which the list cannot read', async () => {
    const { file } = await importDataset(await folder(await tiles()), 'pets', { root });
    await writeFile(file, 'no tiles');
    expect(await removeDataset('pets', { root })).toMatchObject({ title: null, count: null, bytes: 8 });
    expect(await readdir(dirname(file))).toEqual([]);
  });

  test('refuses the synthetic one, and whatever is no imported set', async () => {
    const { file } = await importDataset(await folder(await tiles()), 'pets', { root });
    const other = join(root, 'datasets', 'other.tiles');
    await writeFile(other, 'kept');
    const refused = async (name: string, message: RegExp) => {
      await expect(removeDataset(name, { root })).rejects.toThrow(BadInput);
      await expect(removeDataset(name, { root })).rejects.toThrow(message);
    };
    await refused('synthetic', /made by code/);
    for (const name of ['cats', '../other', other, '', 'pets.tiles', file]) {
      await refused(name, /^No data set ".*" was imported, so nothing was removed \(there are: pets\)/);
    }
    expect([existsSync(other), existsSync(file)]).toEqual([true, true]);
  });
});

test('a failed import leaves what was there', async () => {
  const { file, dataset } = await importDataset(await folder(await tiles()), 'pets', { root });
  await expect(importDataset(await zipFile(await tiles(), 0.5), 'pets', { root })).rejects.toThrow(BadInput);
  expect(await readdir(dirname(file))).toEqual(['pets.tiles']);
  expect(datasetHash(await openDataset('pets', { root }))).toBe(datasetHash(dataset));
});

describe('what cannot be used is refused in one sentence', () => {
  const refused = async (ref: Promise<string> | string, message: RegExp) => {
    const opening = openDataset(await ref, { root });
    await expect(opening).rejects.toThrow(BadInput);
    await expect(opening).rejects.toThrow(message);
  };

  test('a missing name or file', () =>
    refused('nowhere', /^There is no data set named nowhere and no file or folder at /));
  test('an empty folder', () => refused(folder({}), /holds no picture/));
  test('one class', async () =>
    refused(folder({ 'cat/1.png': await png(picture(4, 4)) }), /holds one class only \(cat\)/));
  test('an empty class folder', async () =>
    refused(folder({ ...(await tiles()), 'fox/': new Uint8Array() }), /The folder fox in/));
  test('a truncated zip', async () =>
    refused(zipFile(await tiles(), 0.7), /^set \d+\.zip is truncated or damaged/));
  test('another file', async () => {
    const file = join(root, 'notes.zip');
    await writeFile(file, 'not a zip');
    await refused(file, /^notes\.zip is neither a picture, nor a zip, nor a file in the layout of /);
  });
  test('a wrong size', async () =>
    refused(
      zipFile({ ...(await tiles()), 'cat/9.png': await png(picture(6, 6)) }),
      /^cat\/9\.png is 6×6 while cat\/0\.png is 4×4/,
    ));
  test('an unusable name', async () => {
    const from = await folder(await tiles());
    for (const name of ['', 'synthetic', '../up', 'a b', '.x']) {
      await expect(importDataset(from, name, { root })).rejects.toThrow(/cannot name a data set/);
    }
    expect(existsSync(join(root, 'datasets'))).toBe(false);
  });
});

test('official layouts are opened from a file or a folder, and imported with their parts', async () => {
  const batch = cifarBatch([3, 1, 4, 1, 5]);
  const tarGz = join(root, 'cifar-10-binary.tar.gz');
  await writeFile(tarGz, await gzipped(await tarred({ 'x/data_batch_1.bin': batch })));
  const plainFile = join(root, 'data_batch_1.bin');
  await writeFile(plainFile, batch);
  const [packed, plain] = [await openDataset(tarGz), await openDataset(plainFile)];
  expect([packed.name, plain.name, packed.count]).toEqual(['cifar-10-binary', 'data_batch_1', 5]);
  expect(datasetHash(packed)).toBe(datasetHash(plain));

  const mnist = await folder({ ...mnistPart('train', [1, 2, 1, 2]), ...mnistPart('t10k', [2, 1]) });
  await importDataset(mnist, 'digits', { root });
  const { keys, channels } = await openDataset('digits', { root });
  expect([channels, keys[0], keys.at(-1)]).toEqual([1, 'train/1/00000', 'test/1/00001']);
  await expect(importDataset(mnist, 'turned', { root, rotated: true })).rejects.toThrow(/at least 62000/);
});

const sharedMnist = fileURLToPath(new URL('../../../shared/data/mnist', import.meta.url));
describe.skipIf(!existsSync(sharedMnist))('real digits (needs ../shared/data/mnist)', () => {
  test('MNIST is whole, called so, split by its own test part, and turned', async () => {
    const mnist = await openDataset(sharedMnist);
    expect([mnist.title, mnist.count, mnist.size, mnist.channels]).toEqual(['MNIST', 70_000, 28, 1]);
    const { train, val, test } = stratifiedSplit(mnist, DEFAULT_FRACTIONS, 1);
    expect([train.length + val.length, test.length]).toEqual([60_000, 10_000]);
    // Counts as published (LeCun et al.).
    const trained = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    const tested = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
    expect(classCounts(mnist, [...train, ...val])).toEqual(trained);
    expect(classCounts(mnist, test)).toEqual(tested);

    const rotated = drawRotated(mnist, { train: 600, test: 900 });
    expect([rotated.title, rotated.count, rotated.size]).toEqual(['Rotated MNIST', 1_500, 32]);
    const split = stratifiedSplit(rotated, DEFAULT_FRACTIONS, 1);
    expect([split.train.length + split.val.length, split.test.length]).toEqual([600, 900]);
    // MNIST's mean is 0.1307 of 255 on 28×28; digits do not reach the border, so turning keeps their ink.
    const ink = rotated.pixels.reduce((sum, value) => sum + value) / (rotated.count * 28 * 28 * 255);
    expect(ink).toBeCloseTo(0.131, 2);
  });
});

const sharedCifar = fileURLToPath(
  new URL('../../../shared/data/cifar10/lossless_train_0000-3999.bin', import.meta.url),
);
describe.skipIf(!existsSync(sharedCifar))('real photographs (needs ../shared/data/cifar10)', () => {
  test('a part of CIFAR-10 is called a part', async () => {
    const cifar = await openDataset(sharedCifar);
    expect([cifar.title, cifar.size, cifar.channels]).toEqual(['CIFAR-10 subset, n = 4,000', 32, 3]);
    // The first pictures of data_batch_1: a frog, two trucks, a deer, an automobile.
    expect(cifar.keys.slice(0, 5).map((key) => key.split('/')[1])).toEqual([
      'frog',
      'truck',
      'truck',
      'deer',
      'automobile',
    ]);
    const raw = await readFile(sharedCifar);
    const record = 3_999 * 3_073 + 1;
    const last = cifar.pixels.subarray(-3);
    expect([...last]).toEqual([1, 2, 3].map((plane) => raw[record + plane * 1024 - 1]));
    expect(classCounts(cifar).reduce((a, b) => a + b)).toBe(4_000);
  });
});

const sharedEurosat = fileURLToPath(new URL('../../../shared/data/eurosat', import.meta.url));
describe.skipIf(!existsSync(sharedEurosat))('real tiles (needs ../shared/data/eurosat)', () => {
  test('the EuroSAT subset is read, named as a subset, and imported', async () => {
    const { dataset } = await importDataset(sharedEurosat, 'eurosat', { root });
    expect([dataset.title, dataset.size, dataset.classes[8]]).toEqual([
      'EuroSAT subset, n = 1,079',
      64,
      'River',
    ]);
    expect(
      dataset.keys.every((key) =>
        key.startsWith(`${dataset.classes[dataset.labels[dataset.keys.indexOf(key)]]}/`),
      ),
    ).toBe(true);
    expect(datasetHash(await openDataset('eurosat', { root }))).toBe('7ec414f2a71a3676');
  });
});
