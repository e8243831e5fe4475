/**
 * Networks of bands: trained on a made set whose classes only an invisible band tells, and on published tiles. In Node alone: it
 * reads files, and it is the data that is tested here, not an engine.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../data/dataset';
import { readDataset } from '../data/readers/read';
import { loadCodecs } from '../data/testing/pictures';
import { BadInput } from '../errors';
import { tiffOf } from '../pictures/testing/tiffs';
import { uniform } from '../random';
import { finish } from '../stage/events';
import { memoryStore } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { tinyDataset } from '../testing/tiny';
import { runRecipe } from './pipeline';
import { prepare } from './prepare';
import { idsOf } from './run';
import { checkRecipe } from './schema';

/** Two classes alike in all bands but the eighth. */
function made(): Promise<Dataset> {
  const tiles = Array.from({ length: 40 }, (_, i) => {
    const next = uniform('bands', i);
    const bytes = tiffOf({ width: 8, height: 8, bands: 13, bits: 16, colours: 1 }, (_x, _y, band) =>
      Math.floor(band === 7 ? 1000 + 2000 * (i % 2) + 400 * next() : 500 + 1500 * next()),
    );
    return { path: `${['bare', 'green'][i % 2]}/${i}.tif`, bytes: async () => bytes };
  });
  return readDataset('made', tiles, { bands: 'all' });
}

const recipe = (bands?: unknown) =>
  checkRecipe({
    ...{ version: 2, name: 'bands', arch: { id: 'tiny' }, ...(bands !== undefined && { bands }) },
    stages: [{ kind: 'train', settings: { epochs: 12, batch: 8, learningRate: 0.01 } }, { kind: 'check' }],
  });

describeOnBackends('a network of bands', () => {
  forbidLeaks();
  beforeAll(loadCodecs);

  test('tells what its bands show: all or the one that counts, and not the colours', async () => {
    const dataset = await made();
    const accuracy = async (bands: unknown) => {
      const store = memoryStore();
      const report = await finish(runRecipe(prepare(recipe(bands), dataset), store));
      const { id } = report.stages[0];
      const { arch, normalisation } = (await store.loadStage(id!))!.model!;
      expect(normalisation.mean).toHaveLength(arch.input.channels);
      return [arch.input, report.stages[1].accuracy] as const;
    };
    const [all, ofAll] = await accuracy('all');
    expect([all.channels, all.bands?.numbers.length, ofAll]).toEqual([13, 13, 1]);
    const [chosen, ofChosen] = await accuracy([8, 4]);
    expect([chosen, ofChosen]).toEqual([{ size: 8, channels: 2, bands: { of: 13, numbers: [8, 4] } }, 1]);
    const [colours, ofColours] = await accuracy('rgb');
    expect(colours).toEqual({ size: 8, channels: 3 });
    expect(ofColours).toBeLessThan(0.85);
  }, 120_000);
});

test('identities differ by the bands, and those of recipes without any are what they were', async () => {
  const dataset = await made();
  const idOf = (bands?: unknown, source = dataset) =>
    idsOf(prepare(recipe(bands), source), 'tiles').get('train')!;
  const ids = [idOf('rgb'), idOf([4, 3, 2]), idOf([2, 3, 4]), idOf([8]), idOf('all')];
  expect(new Set(ids).size).toBe(5);
  // Without a choice, all that the set holds.
  expect(idOf()).toBe(idOf('all'));
  // Kept from before there were bands.
  expect(idOf(undefined, tinyDataset())).toBe('a433c7f510f4ebda614328570370e9e5');
  expect(idOf('rgb', tinyDataset())).toBe('a433c7f510f4ebda614328570370e9e5');
  expect(() => prepare(recipe([8]), tinyDataset())).toThrow(BadInput);
});
