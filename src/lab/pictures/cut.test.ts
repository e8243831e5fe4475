import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxAverage } from '../data/tiles';
import { BadInput } from '../errors';
import { uniform } from '../random';
import { GROUPS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { cases } from '../testing/properties';
import {
  answerSquare,
  cellAt,
  cutTiles,
  emptyCounts,
  FITS,
  fitSquare,
  gridOf,
  marginsOf,
  type Pixels,
  sampleSquare,
  turnGrid,
} from './cut';
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
    { numRuns: cases(40) },
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
  const sizes = fc.record({
    cell: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 5 }),
    size: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(shape, sizes, element, ({ width, height, seed }, { cell, stride, size }, g) => {
      const scene = noise(width, height, seed);
      const turned = turnPicture(scene, g);
      const grid = gridOf(scene, 'a', cell, Math.min(cell, stride));
      const turnedGrid = turnGrid(grid, scene, g);
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
    { numRuns: cases(30) },
  );
});

test('a picture is fitted at whole pixels, at most half a pixel from its middle', () => {
  fc.assert(
    fc.property(shape, fc.constantFrom(...FITS), ({ width, height }, fit) => {
      const { left, top, side } = fitSquare({ width, height }, fit, 'a', 5);
      expect([left % 1, top % 1]).toEqual([0, 0]);
      for (const [start, whole] of [[left, width] as const, [top, height] as const]) {
        expect([0, 1]).toContain(whole - side - 2 * start);
      }
    }),
    { numRuns: cases(60) },
  );
});

test('pixels without a value are counted cell by cell, wherever cells begin', () => {
  fc.assert(
    fc.property(
      shape,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      ({ width, height, seed }, cell, step) => {
        const next = uniform('empty', seed);
        const empty = Uint8Array.from({ length: width * height }, () => (next() < 0.3 ? 1 : 0));
        const grid = gridOf({ width, height }, 'a', cell, Math.min(cell, step));
        const counts = emptyCounts({ width, height, data: new Uint8Array(0), empty }, grid);
        counts.forEach((count, i) => {
          const { left, top, side } = cellAt(grid, i);
          let missing = 0;
          for (let y = top; y < top + side; y++)
            for (let x = left; x < left + side; x++) missing += empty[y * width + x];
          expect(count).toBe(missing);
        });
      },
    ),
    { numRuns: cases(30) },
  );
});

test('where pixels divide evenly a tile is what the data sets have: block means, or the pixels themselves', () => {
  const picture = noise(12, 12);
  const whole = fitSquare(picture, 'scale', 'a');
  expect(sampleSquare(picture, whole, 12)).toEqual(picture.data);
  expect(sampleSquare(picture, whole, 4)).toEqual(boxAverage(picture.data, 12, 12, 3, 3));
  // Enlarged: each pixel twice each way.
  expect(sampleSquare(noise(2, 2), { left: 0, top: 0, side: 2 }, 4).subarray(0, 3)).toEqual(
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
        // Each pixel stands for size × size equal parts.
        const tile = sampleSquare(picture, { left: 1, top: 1, side }, size);
        const part = (axis: number) => BigInt(1 + Math.floor(axis / size));
        for (let i = 0; i < size * size; i++) {
          let sum = 0n;
          for (let dy = 0; dy < side; dy++) {
            for (let dx = 0; dx < side; dx++) {
              const y = Number(part(Math.floor(i / size) * side + dy));
              const x = Number(part((i % size) * side + dx));
              sum += BigInt(picture.data[(y * picture.width + x) * 3]);
            }
          }
          const area = BigInt(side * side);
          expect(tile[3 * i]).toBe(Number((2n * sum + area) / (2n * area)));
        }
      },
    ),
    { numRuns: cases(30) },
  );
});

test('a grid holds full cells only, at whole pixels; too small a picture and too many cells are refused', () => {
  const size = { width: 23, height: 12 };
  const grid = gridOf(size, 'a', 5);
  expect(grid).toEqual({ columns: 4, rows: 2, cell: 5, stride: 5, left: 1, top: 1 });
  expect(marginsOf(grid, size)).toEqual({ left: 1, right: 2, top: 1, bottom: 1 });
  expect(cellAt(grid, 5)).toEqual({ left: 6, top: 6, side: 5 });
  // Overlapping by three of five pixels, each answer stands for the middle of its cell.
  const close = gridOf(size, 'a', 5, 2);
  expect(close).toEqual({ columns: 10, rows: 4, cell: 5, stride: 2, left: 0, top: 0 });
  expect(answerSquare(close, 11)).toEqual({ left: 3.5, top: 3.5, side: 2 });
  expect(() => gridOf(noise(4, 90), 'thin.png')).toThrow(BadInput);
  expect(() => gridOf({ width: 2000, height: 2000 }, 'all.tif', 64, 1)).toThrow(/larger step/);
  expect(() => fitSquare(noise(40, 80), 'crop', 'small.png')).toThrow(
    'small.png is 40×80, too small to crop 64×64 pixels from; scale it instead.',
  );
});
