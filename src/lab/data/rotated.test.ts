import { describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import { GROUPS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { anyDirection, drawRotated, turn, turnAtRandom } from './rotated';
import { syntheticDataset } from './synthetic';
import { noiseDataset } from './testing/pictures';
import { datasetHash } from './tiles';

test('a right angle moves values as the group does', () => {
  const { size, channels, pixels } = noiseDataset([1, 0], 6);
  const quarter = [
    { cos: 1, sin: 0 },
    { cos: 0, sin: 1 },
    { cos: -1, sin: 0 },
    { cos: 0, sin: -1 },
  ];
  for (const [k, direction] of quarter.entries()) {
    const out = new Uint8Array(pixels.length);
    turn(pixels, { size, channels }, direction, out);
    const expected = turnPictures(Float32Array.from(pixels), size, channels, GROUPS.C4.elements[k]);
    expect([...out]).toEqual([...expected]);
  }
});

test('a value off the grid is interpolated, with black outside', () => {
  const out = new Uint8Array(4);
  turn(new Uint8Array(4).fill(100), { size: 2, channels: 1 }, { cos: Math.SQRT1_2, sin: Math.SQRT1_2 }, out);
  // Turned by 45°, each value of a 2×2 tile comes from √½ off the centre, √½ − ½ beyond a side's middle.
  expect([...out]).toEqual(new Array(4).fill(Math.floor(100 * (1.5 - Math.SQRT1_2) + 0.5)));
});

test('directions are uniform unit vectors', () => {
  const octants = new Array<number>(8).fill(0);
  for (let key = 0; key < 8000; key++) {
    const { cos, sin } = anyDirection(key);
    expect(Math.abs(cos * cos + sin * sin - 1)).toBeLessThan(1e-14);
    octants[Math.floor(((Math.atan2(sin, cos) + Math.PI) / (2 * Math.PI)) * 8) % 8]++;
  }
  // 1000 expected in each, standard deviation 30.
  for (const count of octants) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('the angles are pinned: the browser turns to the same bits (see hosts.browser.test.ts)', () => {
  const dataset = syntheticDataset({ perClass: 1 });
  expect(datasetHash(turnAtRandom(dataset, dataset.keys, 1))).toBe('a022418e7ddded32');
});

describe('a rotated draw', () => {
  const grey = (perClass: number[]) => {
    const dataset = noiseDataset(perClass, 28);
    return { ...dataset, channels: 1, pixels: dataset.pixels.subarray(0, dataset.count * 28 * 28) };
  };

  test('has the sizes asked for, no key twice and the classes of its source', () => {
    const source = grey([30, 30]);
    const drawn = drawRotated(source, { train: 10, test: 40 });
    expect([drawn.count, drawn.size, drawn.channels, drawn.title]).toEqual([50, 32, 1, 'Rotated Noise']);
    expect(drawn.keys.filter((key) => key.startsWith('train/'))).toHaveLength(10);
    expect(drawn.keys[10]).toMatch(/^test\/class [01]\/00000$/);
    expect(new Set(drawn.keys).size).toBe(50);
    expect(drawn.keys.every((key, i) => key.split('/')[1] === source.classes[drawn.labels[i]])).toBe(true);
  });

  test('turns a tile by its name and the seed, whatever else is in the set', () => {
    const two = grey([1, 1]);
    const length = 28 * 28;
    const [first, second] = [0, 1].map((i) => ({
      ...two,
      count: 1,
      pixels: two.pixels.subarray(i * length, (i + 1) * length),
    }));
    const both = turnAtRandom(two, ['a', 'b'], 1).pixels;
    expect(both.subarray(0, length)).toEqual(turnAtRandom(first, ['a'], 1).pixels);
    expect(both.subarray(length)).toEqual(turnAtRandom(second, ['b'], 1).pixels);
    expect(turnAtRandom(first, ['a'], 2).pixels).not.toEqual(turnAtRandom(first, ['a'], 1).pixels);
  });

  test('is refused where there are too few tiles', () => {
    expect(() => drawRotated(grey([10, 10]))).toThrow(BadInput);
    expect(() => drawRotated(grey([10, 10]))).toThrow(
      'Noise has 20 tiles, but a rotated set is drawn from at least 62000; give the whole MNIST.',
    );
  });
});
