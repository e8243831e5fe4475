/** A picture of any size as a square tile, each way as it is described. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '../testing/properties';
import { fittedSize, RESIZES, resizeSquare } from './resize';

const sized = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(1, 3, 4),
    seed: fc.nat(),
  })
  .map(({ width, height, channels, seed }) => {
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (seed + i * 7919) % 251);
    return { width, height, channels, data };
  });
const side = fc.integer({ min: 1, max: 32 });
const how = fc.constantFrom(...RESIZES);

test('of its own size it is itself, and of one colour it keeps that', () => {
  fc.assert(
    fc.property(sized, how, side, fc.nat(255), (picture, way, size, value) => {
      const square = {
        ...picture,
        width: size,
        height: size,
        data: new Uint8Array(size ** 2).fill(3),
        channels: 1,
      };
      expect(resizeSquare(square, size, way)).toBe(square.data);
      const plain = { ...picture, data: picture.data.map(() => value) };
      const tile = resizeSquare(plain, size, way);
      expect(tile).toHaveLength(size * size * picture.channels);
      const inner = fittedSize(picture, size);
      const held = way === 'fit' ? inner.width * inner.height : size * size;
      const wrong = tile.filter((each) => each !== value).length;
      expect(wrong).toBe(value === 0 ? 0 : (size * size - held) * picture.channels);
    }),
    { numRuns: cases(200) },
  );
});

test('a square picture becomes the same tile each way', () => {
  fc.assert(
    fc.property(sized, side, (picture, size) => {
      const across = Math.min(picture.width, picture.height);
      const square = {
        ...picture,
        width: across,
        height: across,
        data: picture.data.slice(0, across * across * picture.channels),
      };
      const [crop, fit, stretch] = RESIZES.map((way) => resizeSquare(square, size, way));
      expect(fit).toEqual(crop);
      expect(stretch).toEqual(crop);
    }),
    { numRuns: cases(200) },
  );
});

test('crop takes the middle, fit all of it between bars, stretch all of it', () => {
  // 1 2 3 4 in a row, 4×1.
  const row = { width: 4, height: 1, channels: 1, data: Uint8Array.of(10, 20, 30, 40) };
  expect([...resizeSquare(row, 1, 'crop')]).toEqual([20]);
  expect([...resizeSquare(row, 2, 'stretch')]).toEqual([15, 35, 15, 35]);
  expect([...resizeSquare(row, 4, 'fit')]).toEqual([0, 0, 0, 0, 10, 20, 30, 40, 0, 0, 0, 0, 0, 0, 0, 0]);
});
