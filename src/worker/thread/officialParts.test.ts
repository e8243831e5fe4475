/** A kept data set with official parts, in the page's worker: no tile of its test part is read before it is tested. */
import 'fake-indexeddb/auto';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Dataset } from '../../lab/data/dataset';
import { officialByClass } from '../../lab/data/split/splits';
import { checkRecipe, type Recipe } from '../../lab/recipe/schema';
import { testPlatform } from '../../lab/testing/platform';
import { tinyDataset } from '../../lab/testing/tiny';
import { NEVER_TESTED, type Watched, watchTiles } from '../../lab/testing/watched';
import type { DatasetRow } from '../../storage/rows';
import { keepDataset } from '../../storage/tiles';
import { runAndKeep } from './running';

let watched: Watched | null = null;
vi.mock('../../storage/tiles', async (original) => {
  const real = await original<typeof import('../../storage/tiles')>();
  return {
    ...real,
    async loadDataset(ref: string) {
      watched = watchTiles(await real.loadDataset(ref));
      return watched.dataset;
    },
  };
});
// A fingerprint is of all tiles, and teaches nothing.
vi.mock('../../lab/data/tiles', async (original) => {
  const real = await original<typeof import('../../lab/data/tiles')>();
  const datasetHash = (dataset: Dataset) =>
    real.datasetHash(watched?.dataset === dataset ? { ...dataset, pixels: watched.pixels } : dataset);
  return { ...real, datasetHash };
});

const TEST = 2;
const all = tinyDataset(20);
/** Every fourth tile is for testing, whatever its place in a random split would be. */
const parts = Uint8Array.from(all.labels, (_, i) => (i % 4 === 3 ? TEST : 0));
let row: DatasetRow;
beforeAll(async () => {
  vi.stubGlobal('navigator', {});
  await testPlatform().start('wasm');
  row = await keepDataset({ ...all, parts });
});

async function run(name: string, recipe: Recipe) {
  const command = {
    type: 'train',
    id: 1,
    run: name,
    kind: 'pipeline',
    name,
    recipe,
    data: all.name,
  } as const;
  const job = runAndKeep(command, new AbortController().signal, null);
  for (;;) {
    const step = await job.next();
    if (step.done) return step.value;
  }
}
const readOf = (isTest: boolean) => [...watched!.reads].filter((_, i) => (parts[i] === TEST) === isTest);

test('whatever trains reads training tiles alone; a test reads test tiles', async () => {
  expect(row.official).toEqual(officialByClass({ ...all, parts }));
  const done = await run('whole', checkRecipe(NEVER_TESTED));
  expect(done).toMatchObject({ status: 'done', tiles: { test: readOf(true).length } });
  expect(readOf(true)).toEqual(new Array(15).fill(0));
  expect(Math.min(...readOf(false))).toBeGreaterThan(0);

  const check = { kind: 'check', part: 'test' };
  await run('tested', checkRecipe({ ...NEVER_TESTED, stages: [NEVER_TESTED.stages[0], check] }));
  expect(Math.min(...readOf(true))).toBeGreaterThan(0);
});
