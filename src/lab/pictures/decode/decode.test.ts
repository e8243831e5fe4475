import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { jpeg, loadCodecs, picture, png, rgb } from '../../data/testing/pictures';
import { pictureHash, SAMPLE_HASH, SAMPLE_JPEG } from '../../data/testing/sample';
import { BadInput } from '../../errors';
import { cases } from '../../testing/properties';
import { decodePicture } from './decode';

beforeAll(loadCodecs);

test('a PNG comes back bit for bit, its transparency dropped', async () => {
  const image = picture(5, 3, 1, 128);
  expect(await decodePicture(await png(image), 'a.png')).toEqual({
    width: 5,
    height: 3,
    data: rgb(image),
    notes: ['transparency was dropped'],
    ownRange: false,
    georeference: null,
  });
});

test('a JPEG comes back at its size, near its colours', async () => {
  const flat = picture(16, 8);
  flat.data.forEach((_, i) => {
    flat.data[i] = [200, 100, 50, 255][i % 4];
  });
  const { width, height, data } = await decodePicture(await jpeg(flat), 'a.jpg');
  expect([width, height, data.length]).toEqual([16, 8, 16 * 8 * 3]);
  for (const [i, value] of data.entries()) expect(Math.abs(value - [200, 100, 50][i % 3])).toBeLessThan(6);
});

test('the sample has the bytes that the browser gets too (see hosts.browser.test.ts)', async () => {
  expect(pictureHash(await decodePicture(SAMPLE_JPEG, 'sample.jpg'))).toBe(SAMPLE_HASH);
});

test('an EXIF orientation is ignored', async () => {
  const bytes = await jpeg(picture(16, 8));
  // Big-endian TIFF with one entry: orientation (0x0112) = 6, a quarter turn.
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const exif = [0xff, 0xe1, 0, 8 + tiff.length, ...[...'Exif'].map((c) => c.charCodeAt(0)), 0, 0, ...tiff];
  const tagged = Uint8Array.of(...bytes.subarray(0, 2), ...exif, ...bytes.subarray(2));
  expect(await decodePicture(tagged, 'tagged.jpg')).toEqual(await decodePicture(bytes, 'plain.jpg'));
});

describe.each([
  ['jpeg', jpeg],
  ['png', png],
] as const)('a broken %s', (kind, encode) => {
  test('cut off anywhere is refused by name, and the next whole one is read', async () => {
    const whole = await encode(picture(16, 16));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 3 }), async (length) => {
        const cut = decodePicture(whole.subarray(0, length), `cut.${kind}`);
        await expect(cut).rejects.toThrow(BadInput);
        await expect(cut).rejects.toThrow(new RegExp(`^cut.${kind} is (truncated|no JPEG|empty)`));
        expect((await decodePicture(whole, 'whole')).width).toBe(16);
      }),
      { numRuns: cases(40) },
    );
  });

  test('that claims to be huge is refused before it is decoded', async () => {
    const bytes = (await encode(picture(16, 16))).slice();
    const huge = kind === 'jpeg' ? 0xffff : 0x7fff;
    const view = new DataView(bytes.buffer);
    if (kind === 'png') {
      view.setUint32(16, huge);
      view.setUint32(20, huge);
      view.setUint32(29, crc32(bytes.subarray(12, 29)));
    } else {
      const frame = bytes.findIndex(
        (byte, i) => byte === 0xff && (bytes[i + 1] === 0xc0 || bytes[i + 1] === 0xc2),
      );
      view.setUint16(frame + 5, huge);
      view.setUint16(frame + 7, huge);
    }
    await expect(decodePicture(bytes, 'huge')).rejects.toThrow(/^huge is (65535×65535|32767×32767); cut it/);
  });
});

test('flipped bits are noticed: in a PNG always', async () => {
  const whole = await png(picture(8, 8));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 8, max: whole.length - 5 }),
      fc.integer({ min: 0, max: 7 }),
      async (at, bit) => {
        const bytes = whole.slice();
        bytes[at] ^= 1 << bit;
        await expect(decodePicture(bytes, 'flipped.png')).rejects.toThrow(
          /flipped.png is truncated or damaged/,
        );
      },
    ),
    { numRuns: cases(60) },
  );
});

test('other files are refused by name', async () => {
  await expect(decodePicture(new TextEncoder().encode('GIF89a…'), 'cat.jpg')).rejects.toThrow(
    'cat.jpg is a GIF picture, which the lab does not read; convert it to PNG or GeoTIFF, or leave it out.',
  );
  await expect(decodePicture(new TextEncoder().encode('just text'), 'a.png')).rejects.toThrow(
    'a.png is no JPEG, PNG, WebP or TIFF picture; convert it or leave it out.',
  );
  await expect(decodePicture(new Uint8Array(0), 'empty.png')).rejects.toThrow(BadInput);
});

/** Bit by bit, from the definition. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
