/** Pixels without a value, by every way in which a file says so. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadCodecs, picture, png } from '../../data/testing/pictures';
import { decodePicture } from '../decode/decode';
import { tiffOf, withMask } from '../testing/tiffs';
import { asciiField, type TiffField } from './file';

beforeAll(loadCodecs);

const [width, height] = [20, 12];
/** A slanted edge, as scenes have, and a hole. */
const isOutside = (x: number, y: number): boolean => x + 2 * y < 14 || (x === 17 && y > 3 && y < 6);
const expected = Array.from({ length: width * height }, (_, i) =>
  isOutside(i % width, Math.floor(i / width)) ? 1 : 0,
);
const colour = (x: number, y: number, band: number) => 1 + ((7 * x + 13 * y + 50 * band) % 250);
const noData = (text: string) => [asciiField(42113, text)];
const alpha: TiffField[] = [{ tag: 338, type: 'short', values: [2] }];

test.each<[string, () => Uint8Array]>([
  [
    'no-data of bytes',
    () =>
      tiffOf({ width, height, bands: 3, fields: noData('0') }, (x, y, b) =>
        isOutside(x, y) ? 0 : colour(x, y, b),
      ),
  ],
  [
    'no-data of 13 bands of 16 bits',
    () =>
      tiffOf({ width, height, bands: 13, bits: 16, colours: 1, fields: noData('0') }, (x, y, b) =>
        isOutside(x, y) ? 0 : 40 * colour(x, y, b),
      ),
  ],
  [
    'no-data of a palette',
    () => {
      const palette: TiffField = {
        tag: 320,
        type: 'short',
        values: Array.from({ length: 768 }, (_, i) => 257 * (i % 256)),
      };
      return tiffOf({ width, height, colours: 3, fields: [palette, ...noData('255')] }, (x, y) =>
        isOutside(x, y) ? 255 : 3,
      );
    },
  ],
  [
    'no-data of floats, in their own precision',
    () =>
      tiffOf({ width, height, bits: 32, format: 3, fields: noData('-9999.9') }, (x, y) =>
        isOutside(x, y) ? -9999.9 : colour(x, y, 0),
      ),
  ],
  [
    'no number, in one of three bands',
    () =>
      tiffOf({ width, height, bands: 3, bits: 32, format: 3 }, (x, y, b) =>
        isOutside(x, y) && b === 1 ? Number.NaN : colour(x, y, b),
      ),
  ],
  [
    'alpha',
    () =>
      tiffOf({ width, height, bands: 4, fields: alpha }, (x, y, b) =>
        b < 3 ? colour(x, y, b) : isOutside(x, y) ? 0 : 90,
      ),
  ],
  [
    'a mask in the file',
    () =>
      withMask(tiffOf({ width, height, bands: 3 }, colour), { width, height }, (x, y) => !isOutside(x, y)),
  ],
])('%s', async (_, file) => {
  const { empty } = await decodePicture(file(), 'a.tif');
  expect([...empty!]).toEqual(expected);
});

test('a PNG that is transparent there', async () => {
  const image = picture(width, height);
  for (let i = 0; i < width * height; i++) image.data[4 * i + 3] = expected[i] ? 0 : 128;
  expect([...(await decodePicture(await png(image), 'a.png')).empty!]).toEqual(expected);
});

test('a dark colour that holds the no-data value in one band has a value, and so has a file that says nothing', async () => {
  const dark = (x: number, y: number, b: number) => (b === 0 ? 0 : colour(x, y, b));
  const file = tiffOf({ width, height, bands: 3, fields: noData('0') }, dark);
  expect((await decodePicture(file, 'a.tif')).empty).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(1, 3, 4), async (bands) => {
      const read = await decodePicture(tiffOf({ width, height, bands }, colour), 'a.tif');
      expect(read.empty).toBeUndefined();
    }),
    { numRuns: 3 },
  );
});
