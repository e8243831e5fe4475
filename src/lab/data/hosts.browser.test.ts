import { expect, test } from 'vitest';
import { loadDecoders } from '../../worker/decoders';
import { decodePicture } from './decode';
import { syntheticDataset } from './synthetic';
import { pictureHash, SAMPLE_HASH, SAMPLE_JPEG } from './testing/sample';
import { datasetHash } from './tiles';

test('the browser decodes the sample to the same bytes as Node', async () => {
  await loadDecoders();
  expect(pictureHash(await decodePicture(SAMPLE_JPEG, 'sample.jpg'))).toBe(SAMPLE_HASH);
  await expect(decodePicture(SAMPLE_JPEG.subarray(0, 300), 'cut.jpg')).rejects.toThrow(
    /^cut.jpg is truncated/,
  );
});

test('the browser paints the same synthetic tiles as Node (see synthetic.test.ts)', () => {
  expect(datasetHash(syntheticDataset({ perClass: 3 }))).toBe('09ae2ed98b5684dd');
});
