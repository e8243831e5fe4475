import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { tiffOf } from '../../pictures/testing/tiffs';
import { sentinel2Byte } from '../../pictures/tiff/stretch';
import { deepPng, entriesOf, jpeg, loadCodecs, picture, png, rgb } from '../testing/pictures';
import { boxAverage, datasetHash } from '../tiles';
import type { Entry } from './entry';
import { EUROSAT_CLASSES, eurosatTitle } from './eurosat';
import { readImageFolder } from './imageFolder';

let tile: (seed: number, size?: number) => Promise<Uint8Array>;
beforeAll(async () => {
  await loadCodecs();
  tile = (seed, size = 4) => png(picture(size, size, seed));
});

const read = (files: Record<string, Uint8Array>) => readImageFolder('mine', entriesOf(files));

test('classes are parent folders by name, tiles come by path, keys start below the shared root', async () => {
  const [one, two, three] = [await tile(1), await tile(2), await tile(3)];
  const dataset = await read({ 'x/b/2.PNG': two, 'x/a/9.png': three, 'x/b/1.png': one });
  expect(dataset.classes).toEqual(['a', 'b']);
  expect(dataset.keys).toEqual(['a/9.png', 'b/1.png', 'b/2.PNG']);
  expect([...dataset.labels]).toEqual([0, 1, 1]);
  expect([dataset.size, dataset.channels, dataset.count, dataset.synthetic]).toEqual([4, 3, 3, false]);
  const expected = [3, 1, 2].flatMap((seed) => [...rgb(picture(4, 4, seed))]);
  expect([...dataset.pixels]).toEqual(expected);
});

test('every kind of picture the lab reads can be a tile; not one that needs a stretch of its own', async () => {
  const multispectral = tiffOf({ width: 4, height: 4, bands: 13, bits: 16, colours: 1 }, () => 1000);
  const dataset = await read({
    'a/1.png': await tile(1),
    'b/2.tif': multispectral,
    'b/notes.txt': multispectral,
  });
  expect(dataset.keys).toEqual(['a/1.png', 'b/2.tif']);
  expect([...dataset.pixels.subarray(48)]).toEqual(new Array(48).fill(sentinel2Byte(1000)));
  const deep = tiffOf({ width: 4, height: 4, bits: 16 }, (x) => 1000 * x);
  await expect(read({ 'a/1.png': await tile(1), 'b/2.tif': deep })).rejects.toThrow(
    /^b\/2.tif has values that only a stretch of its own would make visible/,
  );
});

test('the order of the listing does not matter', async () => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 6; i++) files[`${'abc'[i % 3]}/${i}.png`] = await tile(i);
  const sorted = await read(files);
  const entries = entriesOf(files);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: 6 }), async (shuffled) => {
      expect(await readImageFolder('mine', shuffled)).toEqual(sorted);
    }),
    { numRuns: 10 },
  );
});

test('train and test folders of the same classes become one set', async () => {
  const one = await tile(1);
  const files = ['train/cat/1.png', 'train/dog/1.png', 'test/cat/1.png', 'test/dog/1.png'];
  const dataset = await read(Object.fromEntries(files.map((path) => [path, one])));
  expect(dataset.classes).toEqual(['cat', 'dog']);
  expect(dataset.keys).toEqual([...files].sort());
  // The keys have always told the parts: what was trained on such a set stays known by the same fingerprint.
  expect(dataset.parts).toBeUndefined();
  const { keys: _, ...tiles } = dataset;
  expect(datasetHash(dataset)).toBe(datasetHash(tiles));
  const cased = await read(Object.fromEntries(files.map((path) => [path.replace('t', 'T'), one])));
  expect([...(cased.parts ?? [])]).toEqual([2, 2, 0, 0]);
  expect(datasetHash(cased)).not.toBe(datasetHash(dataset));
});

test('what is no picture or hidden is passed over; kinds are told by bytes', async () => {
  const dataset = await read({
    'MANIFEST.csv': new Uint8Array(3),
    'a/1.png': await jpeg(picture(4, 4)),
    'a/notes.txt': new Uint8Array(3),
    'b/1.jpg': await tile(1),
    'b/.1.jpg': new Uint8Array(3),
    '__MACOSX/b/1.jpg': new Uint8Array(3),
    '.cache/c/1.jpg': new Uint8Array(3),
  });
  expect(dataset.keys).toEqual(['a/1.png', 'b/1.jpg']);
});

test('EuroSAT is recognised by its tiles, and never called whole when it is a part', async () => {
  const one = await tile(1);
  const large = await tile(1, 64);
  const titleOf = async (named: (name: string) => string, bytes = large, classes = EUROSAT_CLASSES) =>
    (await read(Object.fromEntries(classes.map((name) => [named(name), bytes])))).title;
  const official = (name: string) => `2750/${name}/${name}_1.jpg`;
  expect(await titleOf(official)).toBe('EuroSAT subset, n = 10');
  // The same classes are not enough: anyone may have them.
  expect(await titleOf(official, one)).toBe('mine');
  expect(await titleOf((name) => `${name}/1.jpg`)).toBe('mine');
  expect(await titleOf((name) => `${name}/${name}_1.png`)).toBe('mine');
  expect(await titleOf((name) => `${name}/${name}_0.jpg`)).toBe('mine');
  expect(await titleOf((name) => `${name}/${name}_2600.jpg`)).toBe('mine');
  expect(await titleOf(official, large, EUROSAT_CLASSES.slice(1))).toBe('mine');
  const all = EUROSAT_CLASSES.flatMap((name) =>
    Array.from({ length: 3000 }, (_, i) => `${name}/${name}_${i + 1}.jpg`),
  );
  const whole = { classes: EUROSAT_CLASSES, size: 64, keys: all };
  expect(eurosatTitle(whole)).toBeUndefined();
  const real = all.filter((key) => eurosatTitle({ ...whole, keys: [key] }));
  expect(eurosatTitle({ ...whole, keys: real })).toBe('EuroSAT');
  expect(eurosatTitle({ ...whole, keys: real.slice(0, 1079) })).toBe('EuroSAT subset, n = 1,079');
});

test.each([
  ['no picture', () => ({ 'a/1.txt': 4 }), /mine holds no picture/],
  ['nothing', () => ({}), /mine holds no picture/],
  ['one class', () => ({ 'a/1.png': 4, 'a/2.png': 4 }), /mine holds one class only \(a\)/],
  ['a picture in no class folder', () => ({ '1.png': 4, 'a/1.png': 4 }), /^1\.png lies in no class folder/],
  ['an empty class folder', () => ({ 'a/1.png': 4, 'b/1.png': 4, 'c/': 0 }), /The folder c in mine holds no/],
  [
    'a class folder of other files',
    () => ({ 'x/a/1.png': 4, 'x/b/1.png': 4, 'x/c/1.gif': 0 }),
    /The folder x\/c in/,
  ],
  ['another size', () => ({ 'a/1.png': 4, 'b/7.png': 6 }), /^b\/7\.png is 6×6 while a\/1\.png is 4×4/],
  [
    'an odd size',
    () => ({ 'a/1.png': 5, 'b/1.png': 5 }),
    /^a\/1\.png is 5×5; the side of a tile must be even/,
  ],
] as const)('%s is refused', async (_, files, message) => {
  const made = Object.entries(files() as Record<string, number>);
  const entries: Record<string, Uint8Array> = {};
  for (const [path, size] of made) entries[path] = size ? await tile(1, size) : new Uint8Array(0);
  await expect(read(entries)).rejects.toThrow(message);
  await expect(read(entries)).rejects.toThrow(BadInput);
});

test('pictures of different sizes are scaled where that is asked for, and it is told', async () => {
  const files = { 'a/1.png': await tile(1, 4), 'a/2.png': await tile(2, 8), 'b/1.png': await tile(3, 5) };
  const notes: string[] = [];
  const scaled = await readImageFolder('mine', entriesOf(files), { scale: 4, onNote: (n) => notes.push(n) });
  expect([scaled.size, scaled.count]).toEqual([4, 3]);
  expect([...scaled.pixels.subarray(0, 48)]).toEqual([...rgb(picture(4, 4, 1))]);
  const halved = boxAverage(rgb(picture(8, 8, 2)), 8, 8, 3, 2);
  expect([...scaled.pixels.subarray(48, 96)]).toEqual([...halved]);
  expect(notes).toEqual(['Scaled to 4×4, as asked for: 1 of 5×5, 1 of 8×8.']);
  await expect(read(files)).rejects.toThrow(
    /^a\/2\.png is 8×8 while a\/1\.png is 4×4; .* on request: with --scale/,
  );
  await expect(readImageFolder('mine', entriesOf(files), { scale: 5 })).rejects.toThrow(/give an even side/);
});

test('pictures of 16 bits are told of, and that they are nearly black', async () => {
  // The smallest files that hold 16 bits a value: the encoder of the tests writes 8.
  const deep = (value: number) => deepPng(4, value);
  const noteOf = async (value: number) => {
    const notes: string[] = [];
    const files = { 'a/1.png': deep(value), 'b/1.png': deep(value) };
    const { pixels } = await readImageFolder('mine', entriesOf(files), { onNote: (n) => notes.push(n) });
    expect(pixels[0]).toBe(value >> 8);
    return notes.join();
  };
  expect(await noteOf(4000)).toMatch(
    /^All 2 pictures: of 16 bits per value the upper 8 were kept; the brightest value left is 15 of 255, so these tiles are nearly black/,
  );
  expect(await noteOf(60_000)).toBe('All 2 pictures: of 16 bits per value the upper 8 were kept.');
});

test('oblong, damaged and repeated pictures are refused by name', async () => {
  const one = await tile(1);
  const oblong = await png(picture(4, 6));
  await expect(read({ 'a/1.png': oblong, 'b/1.png': one })).rejects.toThrow(
    /^a\/1\.png is 4×6; tiles must be square/,
  );
  await expect(read({ 'a/1.png': one, 'b/1.png': oblong })).rejects.toThrow(/^b\/1\.png is 4×6 while/);
  await expect(read({ 'a/1.png': one, 'b/1.png': one.subarray(0, 40) })).rejects.toThrow(
    /^b\/1\.png is truncated/,
  );
  const twice = [...entriesOf({ 'a/1.png': one, 'b/1.png': one }), ...entriesOf({ 'a/1.png': one })];
  await expect(readImageFolder('mine', twice)).rejects.toThrow(/mine holds a\/1\.png twice/);
});

test('progress is told, one file is held at a time, and an abort stops between pictures', async () => {
  const one = await tile(1);
  const stop = new AbortController();
  let opened = 0;
  const bytes = async () => {
    opened++;
    return one;
  };
  const entries: Entry[] = ['a/1.png', 'a/2.png', 'b/1.png'].map((path) => ({ path, bytes }));
  const seen: string[] = [];
  const reading = readImageFolder('mine', entries, {
    signal: stop.signal,
    onProgress({ done, total }) {
      seen.push(`${done}/${total}`);
      expect(opened).toBe(done);
      if (done === 2) stop.abort(new Error('enough'));
    },
  });
  await expect(reading).rejects.toThrow('enough');
  expect(seen).toEqual(['1/3', '2/3']);
});

test('pictures that are no square become one only as somebody says, and it is told', async () => {
  const wide = {
    'a/1.png': await png(picture(8, 4, 1)),
    'a/2.png': await png(picture(4, 4, 2)),
    'b/1.png': await png(picture(6, 6, 3)),
  };
  const read = (options: object) => readImageFolder('mine', entriesOf(wide), { scale: 4, ...options });
  await expect(read({})).rejects.toThrow(/a\/1\.png is 8×4; tiles must be square.*--scale and --resize/);
  const tiles = new Set<string>();
  for (const resize of ['crop', 'fit', 'stretch'] as const) {
    const notes: string[] = [];
    const { size, count, pixels } = await read({ resize, onNote: (note: string) => notes.push(note) });
    expect([size, count]).toEqual([4, 3]);
    expect(notes.join(' ')).toContain('1 of 3 pictures are not square: ');
    // The square ones are as they would be without it.
    expect([...pixels.subarray(48, 96)]).toEqual([...rgb(picture(4, 4, 2))]);
    tiles.add(pixels.subarray(0, 48).join());
  }
  expect(tiles.size).toBe(3);
  await expect(readImageFolder('mine', entriesOf(wide), { resize: 'fit' })).rejects.toThrow(
    /without their size/,
  );
});
