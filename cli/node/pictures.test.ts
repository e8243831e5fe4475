import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { zipFolder } from '../../src/lab/files/takeAlong/takeAlong';
import { boundsOf } from '../../src/lab/pictures/georeference';
import { tiffOf } from '../../src/lab/pictures/testing/tiffs';
import { picturesAt } from './pictures';

const folder = await mkdtemp(path.join(tmpdir(), 'orbit-pictures-'));
afterAll(() => rm(folder, { recursive: true }));

test('a world file beside a picture says where it lies, in a folder and alone; it is no picture itself', async () => {
  const scale = { tag: 33550, type: 'double', values: [1, 1, 0] } as const;
  const tie = { tag: 33922, type: 'double', values: [0, 0, 0, 7, 9, 0] } as const;
  await writeFile(path.join(folder, 'a.tif'), tiffOf({ width: 4, height: 2 }));
  await writeFile(path.join(folder, 'a.tfw'), '10\n0\n0\n-10\n505\n895\n');
  // It says so itself: what lies beside it does not count.
  await writeFile(path.join(folder, 'b.tif'), tiffOf({ width: 4, height: 2, fields: [scale, tie] }));
  await writeFile(path.join(folder, 'b.TFW'), '10 0 0 -10 505 895');
  const boundsAt = async (source: string) => {
    const bounds: unknown[] = [];
    for await (const taken of picturesAt(source)) {
      if ('problem' in taken) bounds.push(taken.problem);
      else bounds.push(taken.picture.georeference && boundsOf(taken.picture.georeference, taken.picture));
    }
    return bounds;
  };
  expect(await boundsAt(folder)).toEqual([
    [500, 880, 540, 900],
    [7, 7, 11, 9],
  ]);
  expect(await boundsAt(path.join(folder, 'a.tif'))).toEqual([[500, 880, 540, 900]]);
  const text = (content: string) => new TextEncoder().encode(content);
  const zip = await zipFolder('mine', [
    { name: 'a.tif', bytes: tiffOf({ width: 4, height: 2 }) },
    { name: 'a.tfw', bytes: text('10 0 0 -10 505 895') },
    { name: 'a.prj', bytes: text('GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]]') },
  ]);
  await writeFile(path.join(folder, 'scenes.zip'), zip);
  expect(await boundsAt(path.join(folder, 'scenes.zip'))).toEqual([[500, 880, 540, 900]]);
});

test('a world file that never ends, is a folder or leads nowhere says nothing', async () => {
  const at = await mkdtemp(path.join(folder, 'odd-'));
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    await writeFile(path.join(at, `${name}.tif`), tiffOf({ width: 4, height: 2 }));
    const world = path.join(at, `${name}.tfw`);
    if (i === 0) await symlink('/dev/zero', world);
    else if (i === 1) await mkdir(world);
    else await symlink('nowhere', world);
    for await (const taken of picturesAt(path.join(at, `${name}.tif`)))
      expect('picture' in taken && taken.picture.georeference).toBeNull();
  }
});
