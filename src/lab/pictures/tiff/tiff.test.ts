import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { jpeg, loadCodecs, picture } from '../../data/testing/pictures';
import { BadInput } from '../../errors';
import { cases } from '../../testing/properties';
import { decodePicture } from '../decode/decode';
import { type TiffSketch, tiffOf } from '../testing/tiffs';
import { asciiField } from './file';
import { decodeLzw } from './lzw';
import { rangeByte, rangeOf, sentinel2Byte } from './stretch';

beforeAll(loadCodecs);

const speckled = (x: number, y: number, band: number) => (37 * x + 101 * y + 53 * band + x * y) % 256;

/** What a picture of 3 bands with these values is. */
function rgbOf(width: number, height: number, value: (x: number, y: number, c: number) => number): number[] {
  const out: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) out.push(value(x, y, c));
  return out;
}

test('strips or tiles, chunky or planar, deflated or not, predicted or not: the same pixels', async () => {
  const layout = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    tile: fc.constantFrom(undefined, 16, 32),
    isPlanar: fc.boolean(),
    compression: fc.constantFrom(1, 8, 32946),
    bands: fc.constantFrom(3, 4, 5),
    predictor: fc.constantFrom(undefined, 2 as const),
  });
  await fc.assert(
    fc.asyncProperty(layout, async (sketch) => {
      // A predictor belongs to a compression.
      const predictor = sketch.compression === 1 ? undefined : sketch.predictor;
      const { width, height } = sketch;
      const read = await decodePicture(tiffOf({ ...sketch, predictor }, speckled), 'a.tif');
      expect([read.width, read.height]).toEqual([width, height]);
      expect([...read.data]).toEqual(rgbOf(width, height, speckled));
    }),
    { numRuns: cases(60) },
  );
});

test('JPEG blocks go through the codec of every JPEG, in the colours the file names', async () => {
  const image = picture(16, 16, 3);
  const block = await jpeg(image);
  const alone = await decodePicture(block, 'a.jpg');
  const file = { width: 16, height: 16, bands: 3, tile: 16, compression: 7, blocks: [block] };
  const ycbcr = await decodePicture(tiffOf({ ...file, colours: 6 }), 'a.tif');
  expect(ycbcr.data).toEqual(alone.data);
  const cut = tiffOf({ ...file, colours: 6, blocks: [block.subarray(0, -40)] });
  await expect(decodePicture(cut, 'cut.tif')).rejects.toThrow('a JPEG block is broken');
  const other = tiffOf({ ...file, tile: 32, colours: 6 });
  await expect(decodePicture(other, 'o.tif')).rejects.toThrow('a JPEG block has another size than its tile');
});

test('grey, white-is-zero and palette pictures', async () => {
  const gradient = (x: number) => 10 * x;
  const of = async (sketch: Partial<TiffSketch>) =>
    (await decodePicture(tiffOf({ width: 4, height: 1, ...sketch }, gradient), 'a.tif')).data;
  expect([...(await of({}))]).toEqual([0, 0, 0, 10, 10, 10, 20, 20, 20, 30, 30, 30]);
  expect([...(await of({ colours: 0 }))].slice(0, 6)).toEqual([255, 255, 255, 245, 245, 245]);
  const map = Array.from({ length: 768 }, (_, i) => 256 * ((i % 256) + Math.floor(i / 256)));
  const palette = await of({ colours: 3, fields: [{ tag: 320, type: 'short', values: map }] });
  expect([...palette].slice(3, 6)).toEqual([10, 11, 12]);
});

test('13 bands of 16 bits are Sentinel-2: bands 4, 3, 2 through the stretch of EuroSAT, and it says so', async () => {
  const bands = (x: number, y: number, band: number) => 400 * band + 17 * x + 29 * y;
  for (const count of [12, 13]) {
    const bytes = tiffOf({ width: 8, height: 8, bands: count, bits: 16, colours: 1 }, bands);
    const { data, notes, ownRange } = await decodePicture(bytes, 's2.tif');
    expect([...data]).toEqual(rgbOf(8, 8, (x, y, c) => sentinel2Byte(bands(x, y, 3 - c))));
    expect([notes.length, ownRange]).toEqual([1, false]);
    expect(notes[0]).toMatch(/^bands 4, 3 and 2 were stretched/);
  }
});

test('the stretch is clip(floor(1 + x·254/2750 + 0.5), 1, 255) on every value there is', () => {
  for (let x = 0n; x < 65536n; x++) {
    // floor((2·2750 + 2·254·x + 2750) / (2·2750)), in exact whole numbers.
    const exact = (2n * 2750n + 2n * 254n * x + 2750n) / (2n * 2750n);
    const clipped = exact > 255n ? 255n : exact < 1n ? 1n : exact;
    if (sentinel2Byte(Number(x)) !== Number(clipped)) throw new Error(`${x}: ${sentinel2Byte(Number(x))}`);
  }
  expect([0, 5, 6, 2749, 65535].map(sentinel2Byte)).toEqual([1, 1, 2, 255, 255]);
});

describe('other values are stretched between their least and greatest', () => {
  test('16 bits, and it says the two', async () => {
    const bytes = tiffOf({ width: 3, height: 1, bits: 16 }, (x) => [1000, 2000, 3000][x]);
    const { data, notes, ownRange } = await decodePicture(bytes, 'a.tif');
    expect([data[0], data[3], data[6], ownRange]).toEqual([0, 128, 255, true]);
    expect(notes[0]).toContain('own least and greatest, 1000 and 3000');
  });

  test('floats: what is no number, or the value for nothing, is black and does not count', async () => {
    const values = [Number.NaN, -9999, -1, 0, 1, Number.POSITIVE_INFINITY];
    const sketch = {
      width: 6,
      height: 1,
      bits: 32,
      format: 3,
      fields: [asciiField(42113, '-9999')],
    } as const;
    const { data, notes } = await decodePicture(
      tiffOf(sketch, (x) => values[x]),
      'a.tif',
    );
    expect([0, 1, 2, 3, 4, 5].map((p) => data[3 * p])).toEqual([0, 0, 0, 128, 255, 0]);
    expect(notes).toContain('pixels without a value are black');
    const nothing = tiffOf({ width: 2, height: 2, bits: 64, format: 3 }, () => Number.NaN);
    await expect(decodePicture(nothing, 'nan.tif')).rejects.toThrow(
      'nan.tif holds no value that is a number',
    );
  });

  test('monotone, onto 0 … 255, for any doubles', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 9 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const { least, greatest } = rangeOf([{ values: Float64Array.from(values), known: null }])!;
        const bytes = sorted.map((value) => rangeByte(value, least, greatest));
        expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
        expect(bytes[0]).toBe(0);
        if (greatest / 2 - least / 2 > 0) expect(bytes.at(-1)).toBe(255);
      }),
    );
  });
});

test('a georeference comes from scale and tie point, or a matrix; a pixel named by its centre is moved by half', async () => {
  const keys = (raster: number) => [1, 1, 0, 2, 1025, 0, 1, raster, 3072, 0, 1, 32633];
  const of = async (raster: number, ...fields: TiffSketch['fields'] & object[]) =>
    (
      await decodePicture(
        tiffOf({
          width: 2,
          height: 2,
          fields: [{ tag: 34735, type: 'short', values: keys(raster) }, ...fields],
        }),
        'a.tif',
      )
    ).georeference;
  const scale = { tag: 33550, type: 'double', values: [10, 20, 0] } as const;
  const tie = { tag: 33922, type: 'double', values: [0, 0, 0, 500, 900, 0] } as const;
  const area = await of(1, scale, tie);
  expect([area?.affine, area?.epsg, area?.keys.directory]).toEqual([
    [500, 10, 0, 900, 0, -20],
    32633,
    keys(1),
  ]);
  expect((await of(2, scale, tie))?.affine).toEqual([495, 10, 0, 910, 0, -20]);
  const values = [0, 3, 0, 7, 4, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1];
  expect((await of(1, { tag: 34264, type: 'double', values }))?.affine).toEqual([7, 0, 3, 8, 4, 0]);
  expect(await of(1)).toBeNull();
});

test.each([
  [{ colours: 5, bands: 4 }, 'is a CMYK picture; convert it to RGB.'],
  [{ colours: 8, bands: 3 }, 'is a CIE Lab picture'],
  [{ compression: 34925 }, 'is compressed with LZMA'],
  [{ compression: 6, bands: 3, colours: 6 }, 'is compressed with old-style JPEG'],
  [{ compression: 12345 }, 'is compressed with method 12345'],
  [{ fields: [{ tag: 258, type: 'short', values: [33] }] }, 'holds whole values of 33 bits'],
  [{ fields: [{ tag: 339, type: 'short', values: [5] }] }, 'holds complex values of 8 bits'],
  [
    {
      fields: [
        { tag: 256, type: 'long', values: [65000] },
        { tag: 257, type: 'long', values: [65000] },
      ],
    },
    'is 65000×65000',
  ],
  [{ fields: [{ tag: 256, type: 'long', values: [0] }] }, 'has no pixels'],
  [{ fields: [{ tag: 277, type: 'long', values: [9999] }] }, 'has 9999 bands'],
  [
    { tile: 16, fields: [{ tag: 322, type: 'long', values: [2 ** 30] }] },
    'is stored in blocks of 1073741824×16',
  ],
  [{ tile: 16, fields: [{ tag: 322, type: 'long', values: [0] }] }, 'is stored in blocks of 0×16'],
  [{ blocks: [] }, 'tag 273 is empty'],
  [{ blocks: [new Uint8Array(4)] }, 'the list of its blocks is too short'],
  [{ fields: [{ tag: 65000, type: 'long', values: [] }] }, 'tag 65000 is empty'],
] as const)('%j is refused in words', async (sketch, words) => {
  const bytes = tiffOf({ width: 8, height: 8, ...(sketch as Partial<TiffSketch>) });
  const refusal = decodePicture(bytes, 'odd.tif');
  await expect(refusal).rejects.toThrow(BadInput);
  await expect(refusal).rejects.toThrow(words);
});

test('a block that unpacks to more than its size is refused, not unpacked', async () => {
  const { deflate } = await import('pako');
  const bomb = deflate(new Uint8Array(2 ** 24));
  const sketch = { width: 8, height: 3, compression: 8, blocks: [bomb] };
  await expect(decodePicture(tiffOf(sketch), 'bomb.tif')).rejects.toThrow(
    'a block unpacks to more than its size',
  );
});

describe('LZW', () => {
  test('gives back what was packed, through every width of its codes and a full table', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 40 }), (bytes, letters) => {
        const text = bytes.map((byte) => byte % letters);
        expect(decodeLzw(lzwPacked(text), text.length)).toEqual(text);
      }),
      { numRuns: cases(60) },
    );
    const long = Uint8Array.from({ length: 60_000 }, (_, i) => (i * i * 7 + (i >> 3)) % 251);
    expect(decodeLzw(lzwPacked(long), long.length)).toEqual(long);
  });

  test('stops where it would hold more than it may, and at codes that do not exist', () => {
    const zeros = lzwPacked(new Uint8Array(100_000));
    expect(decodeLzw(zeros, 1000)).toBeUndefined();
    expect(decodeLzw(Uint8Array.of(0x80, 0x60, 0xff), 9)).toBeUndefined();
  });
});

/** The packer of TIFF 6.0, section 13. */
function lzwPacked(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let [buffer, held, width] = [0, 0, 9];
  const emit = (code: number) => {
    buffer = (buffer << width) | code;
    held += width;
    while (held >= 8) {
      held -= 8;
      out.push((buffer >> held) & 255);
      buffer &= (1 << held) - 1;
    }
  };
  let table = new Map<string, number>();
  let next = 258;
  emit(256);
  let prefix = '';
  const codeOf = (text: string) => (text.length === 1 ? text.charCodeAt(0) : table.get(text)!);
  for (const byte of bytes) {
    const longer = prefix + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) {
      prefix = longer;
      continue;
    }
    emit(codeOf(prefix));
    table.set(longer, next++);
    if (next === 4095) {
      emit(256);
      table = new Map();
      [next, width] = [258, 9];
    } else if (next === 1 << width) width++;
    prefix = String.fromCharCode(byte);
  }
  if (prefix) emit(codeOf(prefix));
  emit(257);
  if (held > 0) out.push((buffer << (8 - held)) & 255);
  return Uint8Array.from(out);
}
