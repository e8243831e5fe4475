import { expect, test } from 'vitest';
import { finish } from '../../stage/events';
import { syntheticDataset } from '.';
import { gradualSynthetic } from './gradual';

test('painted in two goes it is the whole set, byte for byte', async () => {
  const options = { size: 16, perClass: 3, seed: 7 };
  const { dataset, paint } = gradualSynthetic(options);
  await finish(paint([29, 4]));
  expect(dataset.pixels.some((value) => value > 0)).toBe(true);
  await finish(paint(Array.from({ length: dataset.count }, (_, i) => i)));
  expect(dataset).toEqual(syntheticDataset(options));
});
