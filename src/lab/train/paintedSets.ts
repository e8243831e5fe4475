/**
 * Two painted sets: one whose classes differ in nothing but where up is, and one whose classes are the same however they lie.
 * Plain arrays: the page shows them too.
 */
import type { Dataset } from '../data/dataset';
import { uniform } from '../random';

const SIZE = 8;
export const PAINTED_CLASSES = ['a', 'b', 'c', 'd'];
/** A share of white, added to or taken from every value at random. */
const NOISE = 0.3;

type Painter = (label: number, turns: number, x: number, y: number) => number;

/** Bright towards one side, which is the class. */
const withUp: Painter = (label, _, x, y) => [y, x, SIZE - 1 - y, SIZE - 1 - x][label] / (SIZE - 1);

/** A spot, a frame, a stripe or a corner, in any of its four positions. */
const withoutUp: Painter = (label, turns, x, y) => {
  const far = Math.max(Math.abs(2 * x - SIZE + 1), Math.abs(2 * y - SIZE + 1));
  if (label === 0) return far <= 3 ? 1 : 0;
  if (label === 1) return far >= SIZE - 3 ? 1 : 0;
  const [a, b] = turned(turns, x, y);
  if (label === 2) return a < 2 ? 1 : 0;
  return a < 4 && b < 4 ? 1 : 0;
};

function turned(turns: number, x: number, y: number): [number, number] {
  return turns === 0 ? [x, y] : turned(turns - 1, SIZE - 1 - y, x);
}

/** The same with every call; count: tiles, of each class as many, in turn. */
export const paintedWithUp = (count: number): Dataset => painted(withUp, 0, count);
export const paintedWithoutUp = (count: number): Dataset => painted(withoutUp, 1, count);

/** As many tiles of each class, in turn. */
function painted(paint: Painter, seed: number, count: number): Dataset {
  const next = uniform(seed, 'painted with and without an up');
  const labels = Uint8Array.from({ length: count }, (_, tile) => tile % PAINTED_CLASSES.length);
  const pixels = new Uint8Array(count * SIZE * SIZE * 3);
  for (let tile = 0; tile < count; tile++) {
    const turns = Math.floor(4 * next());
    for (let p = 0; p < SIZE * SIZE; p++) {
      const value = paint(labels[tile], turns, p % SIZE, Math.floor(p / SIZE));
      const noisy = 0.25 + 0.5 * value + NOISE * (2 * next() - 1);
      pixels.fill(
        Math.round(255 * Math.max(0, Math.min(1, noisy))),
        3 * (tile * SIZE * SIZE + p),
        3 * (tile * SIZE * SIZE + p + 1),
      );
    }
  }
  return {
    ...{
      name: 'painted',
      title: 'painted',
      synthetic: true,
      classes: PAINTED_CLASSES,
      size: SIZE,
      channels: 3,
    },
    ...{ count, pixels, labels, keys: Array.from({ length: count }, (_, i) => `${i}`) },
  };
}
