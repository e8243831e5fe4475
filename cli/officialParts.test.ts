/** A folder with official parts, on the command line: no tile of its test part is read before it is tested. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../src/lab/data/dataset';
import { loadCodecs } from '../src/lab/data/testing/pictures';
import { checkRecipe, type Recipe } from '../src/lab/recipe/schema';
import { NEVER_TESTED, type Watched, watchTiles } from '../src/lab/testing/watched';
import { runInFolder } from './runs';
import { pictures, writeInto } from './testing/lab';

let watched: Watched;
vi.mock('./node/data', async (original) => {
  const real = await original<typeof import('./node/data')>();
  return {
    ...real,
    async openDataset(...args: Parameters<typeof real.openDataset>) {
      watched = watchTiles(await real.openDataset(...args));
      return watched.dataset;
    },
  };
});
// A fingerprint is of all tiles, and teaches nothing.
vi.mock('../src/lab/data/tiles', async (original) => {
  const real = await original<typeof import('../src/lab/data/tiles')>();
  const datasetHash = (dataset: Dataset) => real.datasetHash({ ...dataset, pixels: watched.pixels });
  return { ...real, datasetHash };
});

const top = await mkdtemp(path.join(tmpdir(), 'orbit-parts-'));
afterAll(() => rm(top, { recursive: true }));
beforeAll(async () => {
  await loadCodecs();
  await writeInto(top, await pictures('tiles/Training/'));
  await writeInto(top, await pictures('tiles/TEST/', 8, 5));
});

const run = (recipe: Recipe, out: string) =>
  runInFolder(recipe, { data: path.join(top, 'tiles'), out: path.join(top, out), quiet: true });
const readOf = (part: string) =>
  watched.dataset.keys.flatMap((key, i) => (key.startsWith(`${part}/`) ? [watched.reads[i]] : []));

test('whatever trains reads training tiles alone; a test reads test tiles', async () => {
  const recipe = checkRecipe(NEVER_TESTED);
  const { data, stages } = await run(recipe, 'run');
  expect(data).toMatchObject({ official: true, splits: { train: 33, val: 12, test: 15 } });
  expect(stages).toHaveLength(NEVER_TESTED.stages.length);
  expect(readOf('TEST')).toEqual(new Array(15).fill(0));
  expect(Math.min(...readOf('Training'))).toBeGreaterThan(0);

  const check = { kind: 'check', part: 'test' };
  await run(checkRecipe({ ...NEVER_TESTED, stages: [NEVER_TESTED.stages[0], check] }), 'tested');
  expect(Math.min(...readOf('TEST'))).toBeGreaterThan(0);
});
