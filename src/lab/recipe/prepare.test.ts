import { expect, test } from 'vitest';
import { noiseDataset } from '../data/testing/pictures';
import { parseRecipe } from './parse';
import { prepare } from './prepare';

test('the network takes the channels, classes and official parts of its data', () => {
  const noise = noiseDataset([20, 20, 20], 16);
  const grey = {
    ...noise,
    channels: 1,
    pixels: noise.pixels.subarray(0, noise.count * 16 * 16),
    keys: noise.keys.map((key, i) => `${i % 4 ? 'train' : 'test'}/${key}`),
  };
  const recipe = parseRecipe({
    version: 1,
    name: 'grey',
    arch: { id: 'tiny' },
    stages: [{ kind: 'rotate' }],
  });
  const { arch, dataset, splits } = prepare(recipe, grey);
  expect([arch.input, arch.classes]).toEqual([{ size: 8, channels: 1 }, 3]);
  expect([dataset.size, dataset.channels, dataset.pixels.length]).toEqual([8, 1, 60 * 8 * 8]);
  expect([...splits.test].every((tile) => tile % 4 === 0)).toBe(true);
  expect([splits.train.length, splits.val.length, splits.test.length]).toEqual([33, 12, 15]);
  expect(prepare(recipe, noise).arch.input.channels).toBe(3);
});
