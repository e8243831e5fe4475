import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import type { FileOrProblem } from '../../lab/data/readers/intake';
import { lercOf, zstdOf } from '../../lab/pictures/testing/blocks';
import { tiffOf } from '../../lab/pictures/testing/tiffs';
import { JobFailed } from '../protocol/jobErrors';
import { PictureReader } from './pictureReader';

const spawn = () => new Worker(new URL('../thread/pictureWorker.ts', import.meta.url), { type: 'module' });
const file = (name: string, bytes: Uint8Array) => new File([new Uint8Array(bytes)], name);

/** A worker that does with a picture what the script says. */
const scripted = (script: string) => () =>
  new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));

test('a GeoTIFF and a picture that is none, in the worker of the page', async () => {
  const reader = new PictureReader(spawn);
  const value = (x: number, y: number, band: number) => 10 * x + y + band;
  const tiff = tiffOf({ width: 5, height: 4, bands: 3, tile: 16, compression: 8 }, value);
  const [picture, refused] = await Promise.allSettled([
    reader.read(file('a.tif', tiff)),
    reader.read(file('b.tif', tiff.subarray(0, 90))),
  ]);
  expect(picture.status === 'fulfilled' && [...picture.value.data.subarray(0, 6)]).toEqual([
    0, 1, 2, 10, 11, 12,
  ]);
  expect(refused.status === 'rejected' && refused.reason).toBeInstanceOf(JobFailed);
  expect(refused.status === 'rejected' && refused.reason.message).toMatch(/^b.tif is truncated or damaged/);
});

test('blocks of ZSTD and LERC are unpacked there too', async () => {
  const reader = new PictureReader(spawn);
  const zstd = tiffOf({ width: 4, height: 1, compression: 50000, blocks: [zstdOf([9, 3], 1)] });
  expect([...(await reader.read(file('z.tif', zstd))).data]).toEqual([9, 9, 9, 9, 9, 9, 9, 9, 9, 1, 1, 1]);
  const sketch = { width: 4, height: 1, bits: 32, format: 3, compression: 34887 } as const;
  const picture = await reader.read(file('l.tif', tiffOf({ ...sketch, blocks: [lercOf(1.5)] })));
  expect(picture.notes.join()).toContain('own least and greatest, 1.5 and 1.5');
});

test('a zip comes out of the worker file by file, and the next question is answered', async () => {
  const reader = new PictureReader(spawn);
  const value = (x: number, y: number, band: number) => 10 * x + y + band;
  const tiff = tiffOf({ width: 5, height: 4, bands: 3, tile: 16, compression: 8 }, value);
  const zip = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  await zip.add('in/', undefined, { directory: true });
  await zip.add('in/a.tif', new Uint8ArrayReader(tiff));
  await zip.add('in/.hidden', new Uint8ArrayReader(tiff));
  const whole = new File([await zip.close()], 'my.zip');
  const found: FileOrProblem[] = [];
  await reader.unpack(whole, (entry) => found.push(entry));
  expect(found).toEqual([{ path: 'in/a.tif', bytes: tiff }]);
  const cut = new File([whole.slice(0, 60)], 'cut.zip');
  await expect(reader.unpack(cut, () => {})).rejects.toThrow(/^cut.zip is truncated or damaged/);
  expect((await reader.read(file('a.tif', tiff))).width).toBe(5);
});

test('a worker that hangs is ended, and the next picture gets a fresh one', async () => {
  const spawned: string[] = [];
  const reader = new PictureReader(() => {
    spawned.push('worker');
    // The first hangs in a way that only its end stops.
    const script =
      spawned.length === 1
        ? 'for (;;);'
        : 'postMessage({ type: "done", picture: { width: 7 }, preview: null })';
    return scripted(`onmessage = () => { ${script} }`)();
  }, 1500);
  const tile = () => file('tile.png', new Uint8Array(3));
  const [hung, next] = await Promise.allSettled([reader.read(tile()), reader.read(tile())]);
  expect(hung.status === 'rejected' && hung.reason.message).toBe(
    'tile.png took longer than 1.5 s to read and was given up; save it anew.',
  );
  expect(next).toEqual({ status: 'fulfilled', value: { width: 7 } });
  expect(spawned).toHaveLength(2);
});

test('a worker that dies says so, and the next picture gets a fresh one', async () => {
  let count = 0;
  const reader = new PictureReader(() => {
    const script =
      count++ === 0
        ? 'throw new Error("out of memory")'
        : 'postMessage({ type: "done", picture: {}, preview: null })';
    return scripted(`onmessage = () => { ${script} }`)();
  });
  await expect(reader.read(file('a.png', new Uint8Array(1)))).rejects.toThrow(
    /a.png could not be read.*out of memory/,
  );
  await expect(reader.read(file('a.png', new Uint8Array(1)))).resolves.toEqual({});
});
