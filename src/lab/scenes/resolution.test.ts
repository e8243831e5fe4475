import { expect, test } from 'vitest';
import { EUROSAT_CLASSES } from '../data/readers/eurosat';
import type { Georeference } from '../pictures/georeference';
import { metresPerPixel } from '../pictures/ground';
import { resolutionWarning, trainedMetres } from './resolution';
import { marginWords } from './words';

const place = (pixel: number, keys: number[], y = 5_000_000): Georeference => ({
  affine: [500_000, pixel, 0, y, 0, -pixel],
  epsg: null,
  keys: { directory: [1, 1, 0, keys.length / 4, ...keys], doubles: [], ascii: '' },
});
const metres = [1024, 0, 1, 1];
const feet = [...metres, 3076, 0, 1, 9003];
const degrees = [1024, 0, 1, 2];

test('metres along a pixel: of metres, feet, degrees; unknown where nothing says what coordinates are', () => {
  expect(metresPerPixel(place(30, metres))).toBe(30);
  expect(metresPerPixel(place(10, feet))).toBeCloseTo(3.048006, 5);
  // A pixel of 0.0001° is 11.1 m high, and at 60° half as wide.
  expect(metresPerPixel(place(1e-4, degrees, 60))).toBeCloseTo(11.1195 * Math.sqrt(0.5), 3);
  expect(metresPerPixel(place(10, []))).toBeNull();
  expect(metresPerPixel({ ...place(7, metres), affine: [0, 0, 7, 0, 7, 0] })).toBe(7);
});

const eurosat = { classes: EUROSAT_CLASSES, provenance: {} };
const own = { classes: ['a', 'b'], provenance: { data: { metres: 0.5 } } };

test('a picture far from what the network was trained on is warned of, with the cell that would fit', () => {
  expect([trainedMetres(eurosat), trainedMetres(own)]).toEqual([10, 0.5]);
  expect(trainedMetres({ classes: ['a', 'b'], provenance: {} })).toBeNull();
  const warning = (model: typeof eurosat | typeof own, pixel: number) =>
    resolutionWarning(trainedMetres(model), { georeference: place(pixel, metres) }, 64);
  expect(warning(eurosat, 30)).toMatch(/covers 30 m, but .+ trained at 10 m: .+ Cells of 21×21 pixels/);
  expect(warning(own, 0.1)).toMatch(/covers 0\.1 m, but .+ trained at 0\.5 m: .+ Cells of 320×320 pixels/);
  // Whatever is chosen: advice that was taken is not given again.
  const chosen = (cell: number) => resolutionWarning(10, { georeference: place(20, metres) }, cell);
  expect(chosen(64)).toMatch(/Cells of 32×32 pixels would show/);
  expect(chosen(32)).toMatch(/Cells of 32×32 pixels show/);
  expect([10, 8, 14, 7].map((pixel) => warning(eurosat, pixel))).toEqual([null, null, null, null]);
  expect(resolutionWarning(10, { georeference: null }, 64)).toBeNull();
});

test('a margin in words', () => {
  expect(marginWords({ left: 0, right: 0, top: 0, bottom: 0 })).toBeNull();
  expect(marginWords({ left: 0, right: 1, top: 0, bottom: 0 })).toBe('a margin of 1 pixel right');
  expect(marginWords({ left: 4, right: 5, top: 3, bottom: 4 })).toBe(
    'a margin of 4 pixels left, 5 right, 3 above and 4 below',
  );
});
