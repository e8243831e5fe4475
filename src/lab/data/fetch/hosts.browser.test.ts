import { expect, test } from 'vitest';
import { decodePicture } from '../../pictures/decode/decode';
import { testPlatform } from '../../testing/platform';
import { readDataset } from '../readers/read';
import { turnAtRandom } from '../rotated';
import { syntheticDataset } from '../synthetic';
import { cifarBatch, gzipped, streamed, tarred } from '../testing/official';
import { pictureHash, SAMPLE_HASH, SAMPLE_JPEG } from '../testing/sample';
import { datasetHash } from '../tiles';

test('the browser decodes the sample to the same bytes as Node', async () => {
  await testPlatform().loadDecoders();
  expect(pictureHash(await decodePicture(SAMPLE_JPEG, 'sample.jpg'))).toBe(SAMPLE_HASH);
  await expect(decodePicture(SAMPLE_JPEG.subarray(0, 300), 'cut.jpg')).rejects.toThrow(
    /^cut.jpg is truncated/,
  );
});

test('the browser paints the same synthetic tiles as Node (see synthetic.test.ts)', () => {
  expect(datasetHash(syntheticDataset({ perClass: 3 }))).toBe('09ae2ed98b5684dd');
});

test('the browser turns tiles to the same bytes as Node (see rotated.test.ts)', () => {
  const dataset = syntheticDataset({ perClass: 1 });
  expect(datasetHash(turnAtRandom(dataset, dataset.keys, 1))).toBe('a022418e7ddded32');
});

test('the browser unwraps a tar.gz like Node, and sees a cut one', async () => {
  const batch = cifarBatch([3, 1, 4]);
  const archive = await gzipped(await tarred({ 'cifar-10-batches-bin/test_batch.bin': batch }));
  const entry = (bytes: Uint8Array) => [streamed('cifar.tar.gz', bytes, 1000)];
  const { count, keys } = await readDataset('cifar', entry(archive));
  expect([count, keys[2]]).toEqual([3, 'test/deer/00002']);
  await expect(readDataset('cifar', entry(archive.subarray(0, -200)))).rejects.toThrow(
    /^cifar\.tar(\.gz)? is truncated or damaged/,
  );
});
