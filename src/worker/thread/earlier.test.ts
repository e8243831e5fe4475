/** What is taken over from an earlier visit, and what is not. */
import 'fake-indexeddb/auto';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { growingStudy, studyOf } from '../../lab/prune/neurons/growingStudy';
import { sheetOf } from '../../lab/prune/neurons/sheet';
import { finish } from '../../lab/stage/events';
import { testPlatform } from '../../lab/testing/platform';
import { tinyDataset, tinyModel } from '../../lab/testing/tiny';
import { requireLibrary } from '../../storage/db';
import { keepFeatures, loadFeatures } from '../../storage/features';
import type { KeptTrunk } from '../../storage/rows';
import { featuresKey } from './earlier';
import { EarlierTrunk } from './earlierTrunk';

const dataset = { ...tinyDataset(30), synthetic: true };
const indices = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const splits = {
  ...{ seed: 1, fractions: { train: 0.5, val: 0.3, test: 0.2 } },
  ...{ train: indices(0, 15), val: indices(15, 24), test: indices(24, 30) },
};
const model = tinyModel();
const opened = { model, dataset, tiles: 'tiny', splits };
const wasm = { backend: 'wasm', adapter: 'the CPU, 2 threads, SIMD' } as const;
const newBench = () => growingStudy(model, dataset, splits);

beforeAll(async () => {
  await testPlatform().start('wasm');
});
afterEach(async () => {
  const db = await requireLibrary();
  await Promise.all((['features', 'featureUses', 'sheets'] as const).map((store) => db.clear(store)));
});

async function visit(): Promise<{ study: Awaited<ReturnType<typeof studyOnce>>['study'] }> {
  const { bench, study, sheet } = await studyOnce();
  await new EarlierTrunk(opened, wasm, '1').keep(bench, 1, sheet);
  return { study };
}

async function studyOnce() {
  const bench = newBench();
  const study = await finish(studyOf(bench));
  return { bench, study, sheet: await finish(sheetOf(study, 1)) };
}

test('the next visit has the same study and the same curves without running the network', async () => {
  const { study } = await visit();
  const pixels = new Uint8Array(dataset.pixels.length);
  const later = { ...opened, dataset: { ...dataset, pixels } };
  const earlier = new EarlierTrunk(later, { ...wasm, adapter: 'the CPU, one thread, SIMD' }, '1');
  const bench = newBench();
  expect(await earlier.fill(bench)).toBe(true);
  expect(pixels).toEqual(dataset.pixels);
  const again = await finish(studyOf(bench));
  expect(again.turns).toEqual(study.turns);
  expect(again.train).toEqual(study.train);
  expect(again.baseline).toEqual(study.baseline);
  expect(await earlier.sheet(1)).toEqual(await finish(sheetOf(study, 1)));
});

test('another network, other tiles, another split, engine or version finds nothing', async () => {
  await visit();
  const weight = model.params['dense2.weight'];
  const data = weight.data.slice();
  data[0] += 1e-6;
  const others = [
    new EarlierTrunk(
      { ...opened, model: { ...model, params: { ...model.params, 'dense2.weight': { ...weight, data } } } },
      wasm,
      '1',
    ),
    new EarlierTrunk({ ...opened, tiles: 'others' }, wasm, '1'),
    new EarlierTrunk({ ...opened, splits: { ...splits, val: indices(16, 25) } }, wasm, '1'),
    new EarlierTrunk(opened, { backend: 'webgpu', adapter: 'one' }, '1'),
    new EarlierTrunk(opened, wasm, '2'),
    new EarlierTrunk(opened, wasm, null),
  ];
  for (const other of others) {
    expect(await other.fill(newBench())).toBe(false);
    expect(await other.sheet(1)).toBeUndefined();
  }
  expect(await new EarlierTrunk(opened, wasm, '1').fill(newBench())).toBe(true);
});

test('curves of another seed are kept beside, with the features that are there', async () => {
  await visit();
  const earlier = new EarlierTrunk(opened, wasm, '1');
  const bench = newBench();
  expect(await earlier.fill(bench)).toBe(true);
  expect(await earlier.sheet(2)).toBeUndefined();
  const sheet = await finish(sheetOf(await finish(studyOf(bench)), 2));
  await earlier.keep(bench, 2, sheet);
  expect(await earlier.sheet(2)).toEqual(sheet);
  expect(await earlier.sheet(1)).toBeDefined();
});

test('on a graphics card its name counts', () => {
  const key = (adapter: string) => featuresKey(opened, { backend: 'webgpu', adapter }, '1', 'neuron');
  expect(key('one')).not.toBe(key('another'));
});

test('an entry of another shape is ignored', async () => {
  await visit();
  const key = featuresKey(opened, wasm, '1', 'neuron');
  const kept = (await loadFeatures<KeptTrunk>(key))!;
  const { sheet } = await studyOnce();
  for (const broken of [
    { ...kept, train: kept.train.slice(1) },
    { ...kept, turns: kept.turns.slice(1) },
    { ...kept, pixels: null },
  ]) {
    await keepFeatures(key, broken, 1, { ...sheet, ofTiles: sheet.ofTiles + 1 });
    const earlier = new EarlierTrunk(opened, wasm, '1');
    const bench = newBench();
    expect(await earlier.fill(bench)).toBe(false);
    expect(bench.turns[0].filled).toBe(0);
    expect(await earlier.sheet(1)).toBeUndefined();
  }
});
