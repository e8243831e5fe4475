import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../../data/testing/pictures';
import { cases } from '../../testing/properties';
import { lercOf, zstdOf } from '../testing/blocks';
import { type TiffSketch, tiffOf } from '../testing/tiffs';
import { asciiField, type TiffField } from './file';
import { decodePackBits } from './packBits';
import { openRaster } from './rasterFile';
import { decodeZstd } from './zstd';

beforeAll(loadCodecs);

const all = (count: number) => [...Array(count).keys()];

async function bandsOf(bytes: Uint8Array, name = 'a.tif') {
  const raster = await openRaster(bytes, name);
  return raster.read(all(raster.bands));
}

describe('values come back as they are', () => {
  /** Of every width and kind: its least and greatest too. */
  const kinds = fc.oneof(
    fc.record({ format: fc.constant(1 as const), bits: fc.integer({ min: 1, max: 32 }) }),
    fc.record({ format: fc.constant(1 as const), bits: fc.constant(64) }),
    fc.record({ format: fc.constant(2 as const), bits: fc.constantFrom(8, 16, 32, 64) }),
    fc.record({ format: fc.constant(3 as const), bits: fc.constantFrom(32, 64) }),
  );
  const layout = fc.record({
    kind: kinds,
    seed: fc.integer({ min: 1, max: 2 ** 30 }),
    width: fc.integer({ min: 1, max: 35 }),
    height: fc.integer({ min: 1, max: 20 }),
    bands: fc.integer({ min: 1, max: 4 }),
    tile: fc.constantFrom(undefined, 16),
    isPlanar: fc.boolean(),
    isBigEndian: fc.boolean(),
    isDeflated: fc.boolean(),
    predictor: fc.constantFrom(undefined, 2 as const, 3 as const),
  });

  /** Some value of a kind, the same each time; the ends of its range among them. */
  function someValue({ format, bits }: { format: number; bits: number }, seed: number): number {
    const hash = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) >>> 0;
    if (format === 3) return Math.fround((hash - 2 ** 31) * 2 ** ((seed % 60) - 40));
    // Beyond 2^53 doubles are no longer whole numbers one by one.
    const most = 2 ** Math.min(53, format === 2 ? bits - 1 : bits);
    const least = format === 2 ? -most : 0;
    if (hash % 11 === 0) return least;
    if (hash % 13 === 0) return most - 1;
    return Math.floor(least + (hash / 2 ** 32) * (most - least));
  }

  test('in any byte order, width, predictor and layout', async () => {
    await fc.assert(
      fc.asyncProperty(layout, async ({ kind, seed, isDeflated, ...rest }) => {
        // Odd widths have no predictor, whole numbers no third, and none goes without a compression.
        const { predictor } = rest;
        const isPredicted =
          isDeflated && [8, 16, 32, 64].includes(kind.bits) && (predictor !== 3 || kind.format === 3);
        const sketch: TiffSketch = {
          ...{ ...rest, ...kind, colours: 1 },
          compression: isDeflated ? 8 : 1,
          predictor: isPredicted ? predictor : undefined,
        };
        const value = (x: number, y: number, band: number) =>
          someValue(kind, seed + x * 7919 + y * 104_729 + band * 31);
        const bands = await bandsOf(tiffOf(sketch, value));
        const { width, height } = rest;
        expect(bands).toHaveLength(rest.bands);
        bands.forEach(({ values }, band) => {
          const expected = all(width * height).map((i) => value(i % width, Math.floor(i / width), band));
          expect([...values]).toEqual(expected);
        });
      }),
      { numRuns: cases(150) },
    );
  });

  test('some bands are read, in the order asked for', async () => {
    for (const isPlanar of [false, true]) {
      const bytes = tiffOf({ width: 5, height: 4, bands: 5, isPlanar, colours: 1 }, (_x, _y, band) => band);
      const raster = await openRaster(bytes, 'a.tif');
      expect((await raster.read([4, 0])).map(({ values }) => values[7])).toEqual([4, 0]);
    }
  });

  test('a predictor without a compression that has one is no predictor', async () => {
    const plain = tiffOf({ width: 6, height: 2 }, (x) => x);
    const claimed = tiffOf(
      { width: 6, height: 2, fields: [{ tag: 317, type: 'short', values: [2] }] },
      (x) => x,
    );
    expect(await bandsOf(claimed)).toEqual(await bandsOf(plain));
  });
});

describe('what stands for nothing', () => {
  const float = { width: 4, height: 1, bits: 32, format: 3 } as const;
  const knownOf = async (text: string, values: number[], sketch: Partial<TiffSketch> = float) => {
    const bytes = tiffOf({ ...float, ...sketch, fields: [asciiField(42113, text)] }, (x) => values[x]);
    return [...((await bandsOf(bytes))[0].known ?? [1, 1, 1, 1])];
  };
  const least = -3.4028234663852886e38;

  test.each([
    ['-9999.9', [Math.fround(-9999.9), -9999.9, -9999, 1], {}, [0, 0, 1, 1]],
    ['-3.40282e+38', [least, 0, 1, 2], {}, [0, 1, 1, 1]],
    ['-3.4028234663852886e+038', [least, 0, 1, 2], {}, [0, 1, 1, 1]],
    [' -9999 ', [-9999, 9999, 0, 1], {}, [0, 1, 1, 1]],
    ['nan', [Number.NaN, 0, 1, 2], {}, [0, 1, 1, 1]],
    ['0', [0, -0, 1e-38, 1], {}, [0, 0, 1, 1]],
    // Of a double the last bit counts.
    ['0.1', [0.1, 0.1 + 1e-12, 0, 1], { bits: 64 }, [0, 1, 1, 1]],
    ['255', [255, 254, 0, 1], { bits: 8, format: 1 }, [0, 1, 1, 1]],
    // What a byte cannot hold is in no byte.
    ['-9999', [0, 1, 2, 241], { bits: 8, format: 1 }, [1, 1, 1, 1]],
    ['nan', [0, 1, 2, 3], { bits: 8, format: 1 }, [1, 1, 1, 1]],
    ['nothing', [0, 1, 2, 3], { bits: 8, format: 1 }, [1, 1, 1, 1]],
  ] as const)('%s in %j', async (text, values, sketch, expected) => {
    expect(await knownOf(text, [...values], sketch)).toEqual(expected);
  });

  test('blocks that are left out hold it, or 0', async () => {
    const read = async (text?: string) => {
      const fields = text ? [asciiField(42113, text)] : [];
      const sketch = {
        width: 2,
        height: 1,
        tile: 16,
        bits: 16,
        format: 2,
        fields,
        blocks: [new Uint8Array(0)],
      } as const;
      return (await bandsOf(tiffOf(sketch)))[0];
    };
    expect(await read()).toEqual({ values: Int16Array.of(0, 0), known: null });
    expect(await read('-7')).toEqual({ values: Int16Array.of(-7, -7), known: Uint8Array.of(0, 0) });
  });
});

describe('blocks', () => {
  test('PackBits gives back what was packed, and no more than it may', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 900 }), fc.integer({ min: 1, max: 3 }), (bytes, letters) => {
        const text = bytes.map((byte) => byte % letters);
        expect(decodePackBits(packBits(text), text.length)).toEqual(text);
      }),
    );
    expect(decodePackBits(Uint8Array.of(129, 7), 20)).toEqual(new Uint8Array(20).fill(7));
    expect(decodePackBits(Uint8Array.of(4, 1, 2), 20)).toBeUndefined();
    expect(decodePackBits(Uint8Array.of(200), 20)).toBeUndefined();
  });

  test('ZSTD is unpacked up to a size and not beyond it', async () => {
    expect(await decodeZstd(zstdOf(1, [2, 3], 4), 5)).toEqual(Uint8Array.of(1, 2, 2, 2, 4));
    expect(await decodeZstd(zstdOf(1, [2, 3], 4), 4)).toBeUndefined();
    expect(await decodeZstd(zstdOf(...new Array(4000).fill([0, 131_072])), 2 ** 20)).toBeUndefined();
    for (const cut of [0, 1, 5, 7, 9])
      expect(await decodeZstd(zstdOf(1, [2, 3], 4).subarray(0, cut), 9)).toBeUndefined();
    const bytes = tiffOf({ width: 4, height: 1, compression: 50000, blocks: [zstdOf([9, 3], 1)] });
    expect((await bandsOf(bytes))[0].values).toEqual(Uint8Array.of(9, 9, 9, 1));
  });

  const lercTiff = (blob: Uint8Array) =>
    tiffOf({ width: 4, height: 1, bits: 32, format: 3, compression: 34887, blocks: [blob] });

  test('LERC is read, once its head fits the block', async () => {
    expect((await bandsOf(lercTiff(lercOf(1.5))))[0].values).toEqual(Float32Array.of(1.5, 1.5, 1.5, 1.5));
    const misfits = [
      { width: 40_000 },
      { height: 2 },
      { micro: 0 },
      { kind: 7 },
      { bytes: 1 << 30 },
      { bytes: -1 },
    ];
    for (const head of misfits)
      await expect(bandsOf(lercTiff(lercOf(1.5, head)))).rejects.toThrow('another size than its tile');
    await expect(bandsOf(lercTiff(lercOf(1.5, { version: 6 })))).rejects.toThrow(
      'LERC 2.6, and up to 2.5 is read',
    );
    await expect(bandsOf(lercTiff(lercOf(1.5).subarray(0, 40)))).rejects.toThrow('a LERC block is broken');
  });

  test.each([1, 5, 8, 32773, 50000])(
    'compression %d: a block that holds too little is said',
    async (compression) => {
      const short = { 1: [1, 2], 5: [0x80, 0x40, 0x60, 0x20], 32773: [1, 7, 7], 50000: [...zstdOf([9, 3])] };
      const { deflate } = await import('pako');
      const block =
        compression === 8 ? deflate(Uint8Array.of(1, 2)) : Uint8Array.from(short[compression as 1]);
      const bytes = tiffOf({ width: 4, height: 1, compression, blocks: [block] });
      await expect(bandsOf(bytes, 'short.tif')).rejects.toThrow(
        'short.tif is truncated or damaged (a block holds less than its size)',
      );
    },
  );
});

describe('where it lies', () => {
  const double = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'double', values });
  const keys = (...entries: [key: number, value: number][]): TiffField => {
    const values = [1, 1, 0, entries.length, ...entries.flatMap(([key, value]) => [key, 0, 1, value])];
    return { tag: 34735, type: 'short', values };
  };
  const scale = double(33550, 10, 20, 0);
  const ties = double(33922, 0, 0, 0, 500, 900, 0, 9, 0, 0, 590, 900, 0);
  const of = async (...fields: TiffField[]) => openRaster(tiffOf({ width: 2, height: 2, fields }), 'a.tif');

  test('of several tie points with a scale the first counts; rows go down whatever the sign', async () => {
    const code = keys([1024, 1], [3072, 32633]);
    expect((await of(scale, ties, code)).georeference).toMatchObject({
      affine: [500, 10, 0, 900, 0, -20],
      epsg: 32633,
    });
    expect((await of(double(33550, 10, -20, 0), ties, code)).georeference?.affine[5]).toBe(-20);
  });

  test('a system has a code only where the file gives one for what it is', async () => {
    const codeOf = async (...entries: [number, number][]) => {
      const { georeference, placeNotes } = await of(scale, ties, keys(...entries));
      // What has no code is said.
      expect(placeNotes.join().includes('no EPSG code')).toBe(georeference?.epsg === null);
      return georeference?.epsg;
    };
    expect(await codeOf([1024, 1], [2048, 4326], [3072, 32767])).toBeNull();
    expect(await codeOf([1024, 1], [2048, 4326])).toBeNull();
    expect(await codeOf([1024, 1], [3072, 54030])).toBeNull();
    expect(await codeOf([1024, 3], [2048, 4326])).toBeNull();
    expect(await codeOf([1024, 2], [2048, 4326])).toBe(4326);
    expect(await codeOf([1024, 2], [2048, 4326], [4096, 4979])).toBe(4979);
    expect(await codeOf([1024, 32767], [2048, 4326], [3072, 32633])).toBe(32633);
    expect((await of(scale, ties)).placeNotes.join()).toMatch(/name no coordinate system/);
  });

  test('control points alone, and a camera model, are named; nothing is said of a picture without a place', async () => {
    const control = await of(ties, keys([1024, 1], [3072, 32633]));
    expect([control.georeference, control.placeNotes]).toEqual([
      null,
      [expect.stringMatching(/^it is placed by 2 control points only/)],
    ]);
    expect((await of(double(50844, 1))).placeNotes.join()).toMatch(/by a camera model only/);
    expect((await of()).placeNotes).toEqual([]);
  });
});

/** The packer of TIFF 6.0, section 9: runs of three and more are runs, the rest is as it is. */
function packBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let loose: number[] = [];
  const flush = () => {
    if (loose.length > 0) out.push(loose.length - 1, ...loose);
    loose = [];
  };
  for (let i = 0; i < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[i + run] === bytes[i]) run++;
    if (run > 2) {
      flush();
      out.push(257 - run, bytes[i]);
    } else {
      run = 1;
      loose.push(bytes[i]);
      if (loose.length === 128) flush();
    }
    i += run;
  }
  flush();
  return Uint8Array.from(out);
}
