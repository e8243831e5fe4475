/**
 * Rotated MNIST: every digit turned by an angle of its own, so that a net must know digits in any orientation.
 * The digits are padded to 32×32, which two poolings halve exactly.
 *
 * Larochelle et al. (2007) published 12,000 digits to train and validate on and 50,000 to test on. This is a
 * draw of the same sizes from the same 70,000 digits, made here: figures compare in kind, not tile by tile.
 */

import { BadInput } from '../errors';
import { hashKey, permutation, uniform } from '../random';
import type { Dataset } from './dataset';
import { partKey } from './parts';
import { padTiles, subset, tileLength } from './tiles';

export const ROTATED_SIZE = 32;
export const ROTATED_COUNTS = { train: 12_000, test: 50_000 };
const SEED = 1;

/**
 * A draw without replacement, padded and turned; the fixed seed decides which digits and how they turn.
 *
 * @throws BadInput when the data set has fewer tiles than the draw, or does not fit the size.
 */
export function drawRotated(dataset: Dataset, counts: typeof ROTATED_COUNTS = ROTATED_COUNTS): Dataset {
  const wanted = counts.train + counts.test;
  if (dataset.count < wanted) {
    throw new BadInput(
      `${dataset.title} has ${dataset.count} tiles, but a rotated set is drawn from at least ${wanted}; give the whole MNIST.`,
    );
  }
  const order = permutation(dataset.count, 'rotated draw', SEED).subarray(0, wanted);
  const drawn = subset(dataset, order);
  const keys = Array.from(drawn.labels, (label, i) =>
    i < counts.train
      ? partKey('train', drawn.classes[label], i)
      : partKey('test', drawn.classes[label], i - counts.train),
  );
  const turned = turnAtRandom(padTiles(drawn, ROTATED_SIZE), drawn.keys, SEED);
  return { ...turned, title: `Rotated ${dataset.title}`, keys };
}

/**
 * Every tile turned around its centre by a uniform random angle, bilinear, with black outside.
 *
 * @param names one for each tile: with the seed it decides the angle, whatever else is in the set.
 */
export function turnAtRandom(dataset: Dataset, names: readonly string[], seed: number): Dataset {
  const length = tileLength(dataset);
  const pixels = new Uint8Array(dataset.pixels.length);
  for (let tile = 0; tile < dataset.count; tile++) {
    const at = tile * length;
    const direction = anyDirection(hashKey('rotated angle', seed, names[tile]));
    turn(dataset.pixels.subarray(at, at + length), dataset, direction, pixels.subarray(at, at + length));
  }
  return { ...dataset, pixels };
}

interface Direction {
  readonly cos: number;
  readonly sin: number;
}

/**
 * A unit vector of uniform angle: a uniform point of the disc, scaled (Marsaglia). With the square root as the
 * only function, unlike sine and cosine the same in every engine.
 */
export function anyDirection(key: number): Direction {
  const next = uniform(key);
  for (;;) {
    const [x, y] = [2 * next() - 1, 2 * next() - 1];
    const square = x * x + y * y;
    if (square > 1e-6 && square <= 1) {
      const length = Math.sqrt(square);
      return { cos: x / length, sin: y / length };
    }
  }
}

/** One tile counter-clockwise (as in anyAngle.ts), each value rounded half up. */
export function turn(
  tile: Uint8Array,
  { size, channels }: Pick<Dataset, 'size' | 'channels'>,
  { cos, sin }: Direction,
  out: Uint8Array,
): void {
  const centre = (size - 1) / 2;
  const value = (x: number, y: number, c: number) =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : tile[(y * size + x) * channels + c];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      // Rows grow downwards, so a counter-clockwise turn looks up the point turned clockwise.
      const [dx, dy] = [x - centre, y - centre];
      const sx = centre + cos * dx - sin * dy;
      const sy = centre + sin * dx + cos * dy;
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
      const [fx, fy] = [sx - x0, sy - y0];
      for (let c = 0; c < channels; c++) {
        const upper = value(x0, y0, c) * (1 - fx) + value(x0 + 1, y0, c) * fx;
        const lower = value(x0, y0 + 1, c) * (1 - fx) + value(x0 + 1, y0 + 1, c) * fx;
        out[(y * size + x) * channels + c] = Math.floor(upper * (1 - fy) + lower * fy + 0.5);
      }
    }
  }
}
