/** Whatever is saved from a view of the page says how it was made, and its recipe makes the same tensors from nothing. */
import 'fake-indexeddb/auto';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Dataset } from '../../lab/data/dataset';
import { fingerprintOf } from '../../lab/files/fingerprint';
import { decodeAnyModel, encodeModel } from '../../lab/files/modelFile';
import type { AnyModel } from '../../lab/nn/model';
import { BLOCK_UNITS } from '../../lab/prune/blocks/units';
import { openStudy } from '../../lab/prune/neurons/study';
import type { TrunkChoice, Tuning } from '../../lab/prune/trunk/choice';
import { originByHand } from '../../lab/recipe/handmade';
import { runRecipe } from '../../lab/recipe/pipeline';
import { prepare, splitOf } from '../../lab/recipe/prepare';
import { provenanceIn } from '../../lab/recipe/provenance';
import { checkRecipe } from '../../lab/recipe/schema';
import { finish } from '../../lab/stage/events';
import { memoryStore } from '../../lab/stage/store';
import { shakenModel, TINY_IMPORTED, tinyDataset } from '../../lab/testing/tiny';
import { loadRun, stagesOf } from '../../storage/runs';
import { openRunStore } from '../../storage/stages';
import type { Setting } from '../protocol/choices';
import { keepRun } from '../testing/run';
import type { Candidate } from './candidate';
import { WASM } from './earlier';
import { EarlierStops } from './earlierStops';
import { createExtractHandlers } from './extracting';
import { createFinetuneHandler } from './finetuning';
import { neuronSlider } from './neuronSlider';
import type { OnBench } from './slider';
import { StopSlider } from './stopSlider';
import { createTrunkHandlers } from './trunk';

const settings = { epochs: 3, batch: 16, learningRate: 0.02 };
const recipe = checkRecipe({
  version: 2,
  name: 'whole',
  arch: { id: 'tiny', size: 8 },
  seed: 3,
  split: { seed: 4, train: 0.5, val: 0.3, test: 0.2 },
  stages: [{ kind: 'train', settings }, { kind: 'prune-fields', ratio: 0.3 }, { kind: 'quantise' }],
});
const dataset: Dataset = tinyDataset(15);
const going = () => new AbortController().signal;
let trained: AnyModel;

beforeAll(async () => {
  vi.stubGlobal('navigator', {});
  await keepRun(recipe, dataset);
  trained = await leftBy('train');
});

async function leftBy(stage: string, run = 'r'): Promise<AnyModel> {
  const { store } = await openRunStore(stagesOf(run));
  const record = (await loadRun(run))!.records.find(({ name }) => name === stage)!;
  return throughFile((await store.loadStage(record.id!))!.model!);
}

const throughFile = (model: AnyModel) => decodeAnyModel(encodeModel(model));
const tensorsOf = (model: AnyModel) => encodeModel({ ...model, provenance: {} });

/** As the page opens a network: the seed is the page's own. */
async function open(model: AnyModel, seed = 7): Promise<OnBench> {
  const { split } = recipe;
  const study = await finish(openStudy(model as never, dataset, splitOf(dataset, split)));
  // So much is to be reached that fine-tuning always runs.
  const from = { model, title: 'half' };
  const tellOrigin: OnBench['tellOrigin'] = (steps) => originByHand({ from, source: dataset, split }, steps);
  return { slider: neuronSlider(study, seed), seed, tellOrigin, fingerprint: `net ${Math.random()}` };
}

/** What recipes out of files have made, none of it by hand: what two begin with alike is made once. */
const fresh = memoryStore();

/** Runs the recipe that a file holds, from nothing, or from the network that it begins with. */
async function remade(model: AnyModel, from?: AnyModel): Promise<AnyModel> {
  const { recipe, id } = provenanceIn(model)!;
  const given = from ? [{ fingerprint: fingerprintOf(from), model: from }] : [];
  expect(recipe.start ?? []).toHaveLength(given.length);
  await finish(runRecipe(prepare(recipe, dataset, given), fresh));
  return (await fresh.loadStage(id))!.model!;
}

const expectRemade = (model: AnyModel, ...kinds: string[]): Promise<void> =>
  expectRemadeFrom(undefined, model, ...kinds);

async function expectRemadeFrom(
  from: AnyModel | undefined,
  model: AnyModel,
  ...kinds: string[]
): Promise<void> {
  const { steps } = provenanceIn(model)!;
  expect(steps.map(({ kind }) => kind)).toEqual(kinds);
  for (const { accuracy } of steps) expect(accuracy).toBeGreaterThan(0);
  const again = await remade(model, from);
  expect(again.arch).toEqual(model.arch);
  expect(Buffer.from(tensorsOf(again)).equals(Buffer.from(tensorsOf(model)))).toBe(true);
}

async function pageNetwork(key: string | null): Promise<AnyModel> {
  const { store } = await openRunStore('page');
  return throughFile((await store.loadStage(key!))!.model!);
}

const RANDOM: Setting = { method: 'random', compensation: 'mean', removed: 5, scope: 'head' };

async function pruned(found: OnBench, setting = RANDOM): Promise<AnyModel> {
  const { pruned } = createExtractHandlers(() => found);
  return decodeAnyModel(
    (await finish(pruned({ type: 'pruned', id: 1, net: 'main', setting }, going()) as never)) as Uint8Array,
  );
}

const L2: Setting = { method: 'l2', compensation: 'none', removed: 7, scope: 'head' };

async function finetuned(
  found: OnBench,
  stopAfter = Number.POSITIVE_INFINITY,
  setting = L2,
): Promise<AnyModel> {
  const { finetune } = createFinetuneHandler(() => found, 'page');
  const stop = new AbortController();
  const job = finetune({ type: 'finetune', id: 1, net: 'main', setting, again: false }, stop.signal);
  for (;;) {
    const step = await job.next();
    if (step.done) return pageNetwork(step.value.key);
    if (step.value.type === 'epoch' && step.value.epoch >= stopAfter) stop.abort();
  }
}

async function trunk(found: OnBench, choice: TrunkChoice, tuning: Tuning | null = null): Promise<AnyModel> {
  const { pruneTrunk } = createTrunkHandlers(() => found, 'page');
  const job = pruneTrunk({ type: 'pruneTrunk', id: 1, choice, tuning }, going());
  return pageNetwork(((await finish(job as never)) as { key: string }).key);
}

const fields = { units: 'fields', method: 'taylor', compensation: 'norms', seed: 7 } as const;

describe('the recipe in a file makes the same network, bit for bit', () => {
  test('of Train and of Pipeline', async () => {
    await expectRemade(trained, 'train');
    await expectRemade(await leftBy('quantise dense per tile'), 'train', 'prune-fields', 'quantise');
  });

  test('of Prune: pruned, and fine-tuned', async () => {
    const found = await open(trained);
    await expectRemade(await pruned(found), 'train', 'prune');
    const tuned = await finetuned(found);
    await expectRemade(tuned, 'train', 'prune', 'finetune');
  });

  test.each(BLOCK_UNITS)('of Prune, a transformer: %s removed, and fine-tuned', async (unit) => {
    const whole = checkRecipe({
      ...recipe,
      arch: { id: 'c4-vit-small', size: 8 },
      stages: [{ kind: 'train', settings: { epochs: 1, batch: 16, learningRate: 0.001 } }],
    });
    await keepRun(whole, dataset, unit);
    const model = await leftBy('train', unit);
    const splits = splitOf(dataset, recipe.split);
    const candidate = { model, dataset, splits } as Candidate;
    const asked = {
      ...{ seed: 7, firstTiles: 32 },
      way: { unit, ranking: 'block' },
      chosen: { method: 'variance', compensation: 'ridge' },
    } as const;
    const nothingKept = new EarlierStops(candidate, WASM, null, 7);
    const work = StopSlider.open('main', candidate, asked, nothingKept);
    const slider = (await finish(work as never)) as StopSlider;
    // So much is to be reached that fine-tuning always runs.
    const from = { model, title: 'half' };
    const found: OnBench = {
      ...{ slider, seed: 7, fingerprint: `net ${Math.random()}` },
      tellOrigin: (steps) => originByHand({ from, source: dataset, split: recipe.split }, steps),
    };
    const removed = slider.sheet().stops[1];
    const setting = { method: 'variance', compensation: 'ridge', removed, scope: 'head' } as const;
    await expectRemade(await pruned(found, setting), 'train', 'prune-blocks');
    // Once is enough: what follows is the same for both.
    if (unit === 'heads') return;
    const tuned = await finetuned(found, undefined, setting);
    await expectRemade(tuned, 'train', 'prune-blocks', 'finetune');
    const { settings } = provenanceIn(tuned)!.recipe.stages.at(-1) as { settings?: object };
    expect(settings).toMatchObject({ scope: 'network', epochs: 10, distil: { alpha: 0.5 } });
  });

  test('of Prune, a network from elsewhere: filters removed, and fine-tuned', async () => {
    const model = { ...shakenModel(TINY_IMPORTED), classes: dataset.classes };
    const candidate = { model, dataset, splits: splitOf(dataset, recipe.split) } as unknown as Candidate;
    const asked = {
      ...{ seed: 7, firstTiles: 32 },
      way: { unit: 'mlp', ranking: 'network' },
      chosen: { method: 'taylor', compensation: 'mean' },
    } as const;
    const work = StopSlider.open('main', candidate, asked, new EarlierStops(candidate, WASM, null, 7));
    const slider = (await finish(work as never)) as StopSlider;
    const from = { model, title: 'elsewhere' };
    const found: OnBench = {
      ...{ slider, seed: 7, fingerprint: `net ${Math.random()}` },
      tellOrigin: (steps) => originByHand({ from, source: dataset, split: recipe.split }, steps),
    };
    const { stops } = slider.sheet();
    const setting = { method: 'taylor', compensation: 'mean', removed: stops[4], scope: 'head' } as const;
    await expectRemadeFrom(model, await pruned(found, setting), 'prune-filters');
    const tuned = await finetuned(found, undefined, setting);
    await expectRemadeFrom(model, tuned, 'prune-filters', 'finetune');
  });

  test('of a fine-tuning that was stopped by hand: of as many epochs as ran', async () => {
    const tuned = await finetuned(await open(trained), 2);
    const last = provenanceIn(tuned)!.recipe.stages.at(-1)!;
    expect(last).toMatchObject({ kind: 'finetune', settings: { epochs: 2 } });
    await expectRemade(tuned, 'train', 'prune', 'finetune');
  });

  test.each<[string, TrunkChoice]>([
    ['a share of each layer', { ...fields, target: { ratio: 0.4 } }],
    ['a budget', { ...fields, target: { budget: { of: 'macs', share: 0.7 } } }],
    [
      'a budget whose share is no round number',
      { ...fields, target: { budget: { of: 'params', share: 0.45 } } },
    ],
    ['a budget of time', { ...fields, target: { budget: { of: 'latency', share: 0.95 } } }],
    ['orbits', { units: 'orbits', block: 2, target: { ratio: 0.4, method: 'random', seed: 7 } }],
    ['a ring', { units: 'orbits', block: 1, target: 'ring' }],
  ])('of Fields: %s', async (_, choice) => {
    const kind = choice.units === 'fields' ? 'prune-fields' : 'prune-orbits';
    await expectRemade(await trunk(await open(trained), choice), 'train', kind);
  });

  test.each<[string, Tuning]>([
    ['fine-tuned', { scope: 'head', steps: 1, distil: false }],
    ['fine-tuned in steps, taught', { scope: 'head', steps: 2, distil: true }],
  ])('of Fields: %s', async (_, tuning) => {
    const choice = { ...fields, method: 'l2', target: { ratio: 0.6 } } as const;
    const tuned = await trunk(await open(trained), choice, tuning);
    await expectRemade(tuned, 'train', 'prune-fields', 'finetune');
  });

  test('of a chain by hand: Fields, then Prune, fine-tuned, then Fields again', async () => {
    const first = await trunk(await open(trained), { ...fields, target: { ratio: 0.3 } });
    const second = await finetuned(await open(first, 3));
    const third = await trunk(await open(second, 9), {
      ...fields,
      seed: 9,
      method: 'random',
      target: { ratio: 0.3 },
    });
    await expectRemade(third, 'train', 'prune-fields', 'prune', 'finetune', 'prune-fields');
  });
});

test('what no recipe makes claims no origin, not even that of the network it was made from', async () => {
  const choice = { ...fields, target: { budget: { of: 'latency', share: 0.95 } } } as const;
  const tuned = await trunk(await open(trained), choice, { scope: 'head', steps: 2, distil: false });
  expect(provenanceIn(tuned)).toBeNull();
  expect(tuned.provenance).toMatchObject({ pruned: { units: 'fields' } });
});
