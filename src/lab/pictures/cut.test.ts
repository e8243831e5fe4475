import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxAverage } from '../data/tiles';
import { BadInput } from '../errors';
import { uniform } from '../random';
import { GROUPS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { cellAt, cutTiles, FITS, fitSquare, gridOf, type Pixels, sampleSquare } from './cut';
import { turnPicture, turnRaster } from './turn';

function noise(width: number, height: number, seed = 1): Pixels {
  const next = uniform('cut', seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => next() * 256) };
}

const element = fc.constantFrom(...GROUPS.D4.elements);
const shape = fc.record({
  width: fc.integer({ min: 5, max: 40 }),
  height: fc.integer({ min: 5, max: 40 }),
  seed: fc.nat(99),
});

test('a rectangle turns like a square does, and four turns bring it back', () => {
  fc.assert(
    fc.property(shape, element, ({ width, height, seed }, g) => {
      const square = noise(width, width, seed);
      expect(turnPicture(square, g).data).toEqual(turnPictures(square.data, width, 3, g));
      const picture = noise(width, height, seed);
      let back = picture;
      const quarter = GROUPS.C4.elements[1];
      for (let i = 0; i < 4; i++) back = turnPicture(back, quarter);
      expect(back).toEqual(picture);
    }),
    { numRuns: 40 },
  );
  // numpy: np.rot90([[0, 1, 2], [3, 4, 5]]) is [[2, 5], [1, 4], [0, 3]].
  const turned = turnRaster(
    Uint8Array.of(0, 1, 2, 3, 4, 5),
    { width: 3, height: 2 },
    1,
    GROUPS.C4.elements[1],
  );
  expect([...turned]).toEqual([2, 5, 1, 4, 0, 3]);
});

test('cutting the turned scene gives the turned tiles, at the turned places: at every turn and mirror', () => {
  const sizes = fc.record({ cell: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 6 }) });
  fc.assert(
    fc.property(shape, sizes, element, ({ width, height, seed }, { cell, size }, g) => {
      const scene = noise(width, height, seed);
      const turned = turnPicture(scene, g);
      const [grid, turnedGrid] = [gridOf(scene, 'a', cell), gridOf(turned, 'a', cell)];
      const count = grid.columns * grid.rows;
      expect(turnedGrid.columns * turnedGrid.rows).toBe(count);
      // Where each cell of the turned grid was before.
      const places = Float32Array.from({ length: count }, (_, i) => i);
      const before = turnRaster(places, { width: grid.columns, height: grid.rows }, 1, g);
      const tiles = cutTiles(scene, grid, size, 0, count);
      const length = size * size * 3;
      before.forEach((from, to) => {
        const tile = tiles.subarray(from * length, (from + 1) * length);
        expect(cutTiles(turned, turnedGrid, size, to, to + 1)).toEqual(turnPictures(tile, size, 3, g));
      });
    }),
    { numRuns: 30 },
  );
});

test('fitting the turned picture gives the turned tile', () => {
  fc.assert(
    fc.property(shape, element, fc.constantFrom(...FITS), ({ width, height, seed }, g, fit) => {
      const picture = noise(width, height, seed);
      const turned = turnPicture(picture, g);
      const tile = sampleSquare(picture, fitSquare(picture, fit, 'a', 5), 4);
      const other = sampleSquare(turned, fitSquare(turned, fit, 'a', 5), 4);
      expect(other).toEqual(turnPictures(tile, 4, 3, g));
    }),
    { numRuns: 60 },
  );
});

test('where pixels divide evenly a tile is what the data sets have: block means, or the pixels themselves', () => {
  const picture = noise(12, 12);
  const whole = fitSquare(picture, 'scale', 'a');
  expect(sampleSquare(picture, whole, 12)).toEqual(picture.data);
  expect(sampleSquare(picture, whole, 4)).toEqual(boxAverage(picture.data, 12, 12, 3, 3));
  // Enlarged: each pixel twice each way.
  expect(sampleSquare(noise(2, 2), { left2: 0, top2: 0, side: 2 }, 4).subarray(0, 3)).toEqual(
    noise(2, 2).data.subarray(0, 3),
  );
});

test('means are exact: against sums in whole numbers of any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 7 }),
      fc.nat(99),
      (side, size, seed) => {
        const picture = noise(side + 1, side + 1, seed);
        // Begins half a pixel in; each pixel stands for 2·size × 2·size equal parts.
        const tile = sampleSquare(picture, { left2: 1, top2: 1, side }, size);
        const part = (axis: number) => BigInt(Math.floor(axis / (2 * size)));
        for (let i = 0; i < size * size; i++) {
          let sum = 0n;
          for (let dy = 0; dy < 2 * side; dy++) {
            for (let dx = 0; dx < 2 * side; dx++) {
              const y = Number(part(size + Math.floor(i / size) * 2 * side + dy));
              const x = Number(part(size + (i % size) * 2 * side + dx));
              sum += BigInt(picture.data[(y * picture.width + x) * 3]);
            }
          }
          const area = BigInt(4 * side * side);
          expect(tile[3 * i]).toBe(Number((2n * sum + area) / (2n * area)));
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a grid holds full cells only, centred; too small a picture is refused', () => {
  const grid = gridOf(noise(23, 12), 'a', 5);
  expect(grid).toEqual({ columns: 4, rows: 2, cell: 5, left2: 3, top2: 2 });
  expect(cellAt(grid, 5)).toEqual({ left2: 13, top2: 12, side: 5 });
  expect(() => gridOf(noise(4, 90), 'thin.png')).toThrow(BadInput);
  expect(() => fitSquare(noise(40, 80), 'crop', 'small.png')).toThrow(
    'small.png is 40×80, too small to crop 64×64 pixels from; scale it instead.',
  );
});
