/** Published 13-band tiles: trained on, taken along, and run by the script on the files themselves to the same answers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDataset } from '../../data/readers/read';
import { loadCodecs } from '../../data/testing/pictures';
import { tileLength } from '../../data/tiles';
import { runRecipe } from '../../recipe/pipeline';
import { prepare } from '../../recipe/prepare';
import { checkRecipe } from '../../recipe/schema';
import { finish } from '../../stage/events';
import { memoryStore } from '../../stage/store';
import { testPlatform } from '../../testing/platform';
import { describeWithShared, sharedPath } from '../../testing/shared';
import { relativeToRange } from '../../testing/tiny';
import { logitsOfPicture } from './logits';
import { takeAlong } from './takeAlong';

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy; from osgeo import gdal']).status === 0,
);
const set = 'data/eurosat-ms';

describeWithShared('a network of the 13 bands of 60 published tiles', set, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orbit-bands-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(async () => {
    await loadCodecs();
    await testPlatform().start('wasm');
  });

  const title = python ? '' : ' (needs python3 with numpy and GDAL: skipped)';
  test.skipIf(!python)(
    `its script gives the lab's answers to the files${title}`,
    async () => {
      const paths = readdirSync(sharedPath(set), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.tif'),
      );
      const entries = paths.map((name) => ({
        path: name,
        bytes: async () => new Uint8Array(readFileSync(sharedPath(`${set}/${name}`))),
      }));
      const dataset = await readDataset('ms', entries, { bands: 'all' });
      expect([dataset.count, dataset.channels]).toEqual([60, 13]);
      expect(dataset.metres).toBeCloseTo(10, 1);
      const store = memoryStore();
      const recipe = checkRecipe({
        ...{ version: 2, name: 'ms', arch: { id: 'c4-small' }, bands: [13, 8, 4, 3, 2, 10] },
        stages: [{ kind: 'train', settings: { epochs: 4 } }],
      });
      const prepared = prepare(recipe, dataset);
      const { stages } = await finish(runRecipe(prepared, store));
      const { model } = (await store.loadStage(stages[0].id!))!;
      const tiles = prepared.dataset;
      for (const { name, bytes } of (await takeAlong(model!)).files)
        writeFileSync(path.join(folder, name), bytes);
      const length = tileLength(tiles);
      for (const index of [0, 13, 26, 39, 52]) {
        const file = sharedPath(
          `${set}/${dataset.classes[dataset.labels[index]]}/${path.basename(dataset.keys[index])}`,
        );
        const out = execFileSync(python!, [path.join(folder, 'run.py'), file], { encoding: 'utf8' });
        const found = new Map(
          out
            .trim()
            .split('\n')
            .map((line) => {
              const [, name, logit] = /% {2}(\S+) {2}\(logit (\S+)\)$/.exec(line)!;
              return [name, Number(logit)] as const;
            }),
        );
        const pixels = tiles.pixels.subarray(index * length, (index + 1) * length);
        const expected = await logitsOfPicture(model!, pixels);
        expect(
          relativeToRange(
            model!.classes.map((name) => found.get(name)!),
            expected,
          ),
        ).toBeLessThan(1e-5);
      }
    },
    180_000,
  );
});
