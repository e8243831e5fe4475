import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalisedTiles } from '../nn/batch';
import { areOnePicture, constantChannels, constantWords } from './constant';
import type { Dataset } from './dataset';
import { normalisationOf } from './tiles';

const SIZE = 4;

/** Tiles of noise of 0 … 255, with some channels set to one value all over. */
function tilesWith(channels: number, constant: ReadonlyMap<number, number>, count = 5, seed = 1): Dataset {
  let state = seed;
  const pixels = Uint8Array.from({ length: count * SIZE * SIZE * channels }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return constant.get(i % channels) ?? state >>> 24;
  });
  return {
    ...{
      name: 'made',
      title: 'made',
      synthetic: false,
      classes: ['a', 'b'],
      size: SIZE,
      channels,
      count,
      pixels,
    },
    labels: new Uint8Array(count),
    keys: Array.from({ length: count }, (_, i) => `a/${i}`),
  };
}

const constants = (channels: number) =>
  fc
    .uniqueArray(fc.tuple(fc.nat(channels - 1), fc.nat(255)), { selector: ([channel]) => channel })
    .map((entries) => new Map(entries));

test('channels that never vary are found with their values, and standardised to zeros', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 13 }).chain((n) => fc.tuple(fc.constant(n), constants(n))),
      ([channels, constant]) => {
        const dataset = tilesWith(channels, constant);
        const tiles = [0, 2, 4];
        const found = constantChannels(dataset, tiles);
        expect(new Map(found.map(({ channel, value }) => [channel, value]))).toEqual(
          new Map([...constant].sort(([a], [b]) => a - b)),
        );
        const normalisation = normalisationOf(dataset, tiles);
        const values = normalisedTiles(dataset, tiles, normalisation);
        expect(values.every(Number.isFinite)).toBe(true);
        for (let i = 0; i < values.length; i++) {
          if (constant.has(i % channels)) expect(Math.abs(values[i])).toBeLessThan(1e-6);
        }
        expect(constantWords(dataset, tiles)).toHaveLength(constant.size);
      },
    ),
  );
});

test('one pixel of one tile that differs is a channel that varies', () => {
  const dataset = tilesWith(3, new Map([[2, 77]]));
  expect(constantWords(dataset, [0, 1, 2])).toEqual([
    expect.stringMatching(/^The blue channel never varies: it is 77/),
  ]);
  dataset.pixels[(2 * SIZE * SIZE - 1) * 3 + 2] = 78;
  expect(constantWords(dataset, [0, 2])).toHaveLength(1);
  expect(constantWords(dataset, [0, 1, 2])).toEqual([]);
});

test('tiles that are all one picture are told from those of which one differs in a byte', () => {
  const one = tilesWith(3, new Map(), 1);
  const count = 6;
  const pixels = new Uint8Array(count * one.pixels.length);
  for (let i = 0; i < count; i++) pixels.set(one.pixels, i * one.pixels.length);
  expect(areOnePicture({ ...one, pixels }, [0, 1, 5])).toBe(true);
  expect(areOnePicture({ ...one, pixels }, [3])).toBe(false);
  pixels[pixels.length - 1] ^= 1;
  expect(areOnePicture({ ...one, pixels }, [0, 1, 5])).toBe(false);
  expect(areOnePicture({ ...one, pixels }, [0, 1, 4])).toBe(true);
});
