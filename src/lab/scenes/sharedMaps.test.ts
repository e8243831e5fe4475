/** Published scenes in ../shared, mapped at four turns by shipped networks. All ten mosaics and the whole scene: `npm run bench -- scenes`. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { GcnnModel } from '../families/gcnn/model';
import { decodeModel } from '../files/modelFile';
import type { Pixels } from '../pictures/cut';
import { decodePicture } from '../pictures/decode/decode';
import { finish } from '../stage/events';
import { testPlatform } from '../testing/platform';
import { describeWithShared, sharedPath } from '../testing/shared';
import { mapAtQuarterTurns } from './classMap';

const open = async (file: string) =>
  decodePicture(new Uint8Array(await readFile(sharedPath(`data/scenes/${file}`))), file);

const shipped = async (id: string): Promise<GcnnModel> =>
  decodeModel(await testPlatform().readPublic(`models/${id}.safetensors`), id);

/** The part from column `left` and row `top`. */
function part({ width, data }: Pixels, left: number, top: number, size: { width: number; height: number }) {
  const rows = Array.from({ length: size.height }, (_, y) => {
    const from = ((top + y) * width + left) * 3;
    return data.subarray(from, from + size.width * 3);
  });
  return { ...size, data: Uint8Array.from(rows.flatMap((row) => [...row])) };
}

describeWithShared('class maps of published scenes at four turns', 'data/scenes', () => {
  beforeAll(async () => {
    await testPlatform().loadDecoders();
    await testPlatform().start('wasm');
  });

  // Neither square nor of whole cells: half a pixel's margin at the sides, upright and lying.
  const scene = async () => part(await open('sentinelhub-py/img.jpg'), 301, 500, { width: 513, height: 583 });
  const mosaic = () => open('eurosat-mosaics/canvas_Industrial_10x10.jpg');

  test.each([
    ['a mosaic of 100 tiles', mosaic, 100],
    ['a part of the 2048×2048 scene', scene, 8 * 9],
  ] as const)('%s: identical for the equivariant network', async (_, picture, cells) => {
    const maps = await finish(
      mapAtQuarterTurns(await shipped('eurosat-c4-twin-small'), await picture(), 'scene'),
    );
    expect(maps.upright.answers).toHaveLength(cells);
    expect([maps.changed, maps.agreement]).toEqual([0, 1]);
    // Too close to call are few, and at these an answer may differ; nowhere else.
    expect(maps.undecided).toBeLessThanOrEqual(cells / 100);
    expect(maps.differs.reduce((sum, differs) => sum + differs, 0)).toBeLessThanOrEqual(maps.undecided);
    // Rounding of 32-bit floats.
    expect(maps.probabilityGap).toBeLessThan(1e-4);
    // Not one class everywhere, which would turn into itself.
    expect(new Set(maps.upright.answers).size).toBeGreaterThan(1);
  });

  test('the mosaic: another map for the plain network', async () => {
    const maps = await finish(
      mapAtQuarterTurns(await shipped('eurosat-base-small'), await mosaic(), 'mosaic'),
    );
    expect(maps.changed).toBeGreaterThan(0);
    expect(maps.probabilityGap).toBeGreaterThan(0.1);
  });
});
