import type { Dataset, Splits } from '../src/lab/data/dataset';
import { uniform } from '../src/lab/random';

/** Tiles of noise: timing does not depend on what is on them. */
export function noiseDataset(count: number, size: number): Dataset {
  const next = uniform(1, 'bench tiles');
  const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  return {
    name: 'noise',
    title: 'noise',
    synthetic: true,
    classes,
    size,
    channels: 3,
    count,
    pixels: Uint8Array.from({ length: count * size * size * 3 }, () => Math.floor(256 * next())),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    keys: Array.from({ length: count }, (_, i) => `${i}`),
  };
}

/** All tiles to train on and to test with; one to validate on, for that takes time too. */
export function wholeSplits({ count }: Dataset): Splits {
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  const fractions = { train: 1, val: 0, test: 0 };
  return { seed: 1, fractions, train: all, val: all.subarray(0, 1), test: all };
}
