import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { jpeg, loadCodecs, picture, png, zipOf } from '../src/lab/data/testing/pictures';
import { datasetHash } from '../src/lab/data/tiles';
import { BadInput } from '../src/lab/errors';
import { importDataset, listDatasets, openDataset } from './data';

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
  test('an empty folder', () => refused(folder({}), /holds no JPEG or PNG picture/));
  test('one class', async () =>
    refused(folder({ 'cat/1.png': await png(picture(4, 4)) }), /holds one class only \(cat\)/));
  test('an empty class folder', async () =>
    refused(folder({ ...(await tiles()), 'fox/': new Uint8Array() }), /The folder fox in/));
  test('a truncated zip', async () =>
    refused(zipFile(await tiles(), 0.7), /^set \d+\.zip is truncated or damaged/));
  test('another file', async () => {
    const file = join(root, 'notes.zip');
    await writeFile(file, 'not a zip');
    await refused(
      file,
      /notes\.zip is neither a folder of pictures, nor a zip of one, nor an imported data set\.$/,
    );
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

const sharedEurosat = fileURLToPath(new URL('../../shared/data/eurosat', import.meta.url));
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
