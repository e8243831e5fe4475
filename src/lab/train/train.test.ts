import { expect, test } from 'vitest';
import { shareOfRate } from './train';

const shares = (settings: Parameters<typeof shareOfRate>[0], steps: number) =>
  Array.from({ length: steps }, (_, step) => shareOfRate(settings, step, steps));

test('the learning rate rises over the warm-up and then falls, or stays', () => {
  expect(shares({ epochs: 2, decay: 'none' }, 4)).toEqual([1, 1, 1, 1]);
  expect(shares({ epochs: 2, decay: 'linear' }, 4)).toEqual([1, 0.75, 0.5, 0.25]);
  expect(shares({ epochs: 4, warmup: 2, decay: 'linear' }, 8)).toEqual([
    0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25,
  ]);
  const cosine = shares({ epochs: 4, warmup: 1, decay: 'cosine' }, 8);
  [0.5, 1, ...[0, 1, 2, 3, 4, 5].map((i) => (1 + Math.cos((Math.PI * i) / 6)) / 2)].forEach((share, i) => {
    expect(cosine[i]).toBeCloseTo(share, 12);
  });
});

test('a warm-up as long as the run, or longer, only rises', () => {
  for (const warmup of [2, 9])
    expect(shares({ epochs: 2, warmup, decay: 'cosine' }, 4)).toEqual([0.25, 0.5, 0.75, 1]);
});
