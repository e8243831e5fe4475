/**
 * NaN and infinity planted in activations, gradients, weights and losses while a network is trained: the stage stops in words,
 * nothing of that epoch is kept or the best, and without the plant it goes on from the last good epoch to the same network.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { datasetHash } from '../data/tiles';
import { BadInput } from '../errors';
import { encodeModel } from '../files/modelFile';
import { weightNotFinite } from '../finite';
import { GROUP_POOL, PLANAR_MOMENTS, PLANAR_NORM, PLANAR_NORM_GRADIENT } from '../nn/maps/names';
import type { AnyModel } from '../nn/model';
import {
  FILTER_GRADIENT,
  GROUP_CONVOLUTION,
  INPUT_GRADIENT,
  PACKED_CONVOLUTION,
} from '../nn/ops/groupConvolution/names';
import {
  ORBIT_HIDDEN,
  ORBIT_RESPONSE_GRADIENT,
  ORBIT_WEIGHT_GRADIENT,
  ORBIT_WEIGHTS,
} from '../nn/ops/orbit/names';
import { ADAM } from '../runtime/kernels/adam';
import { finish } from '../stage/events';
import { keyOf, memoryStore, type RunStore, type StageRecord } from '../stage/store';
import { type Plant, watchKernels } from '../testing/planting';
import { testPlatform } from '../testing/platform';
import { tinyDataset } from '../testing/tiny';
import { Astray } from '../train/astray';
import { crossEntropyKernel } from '../train/lossLoops';
import { bestSoFar, runRecipe } from './pipeline';
import { type Prepared, prepare } from './prepare';
import { idsOf } from './run';
import { checkRecipe } from './schema';

const dataset = tinyDataset(15);
const settings = { epochs: 3, batch: 16, learningRate: 0.02 };
const TRAINING = { kind: 'train', settings };
const prepared = (...stages: object[]): Prepared =>
  prepare(checkRecipe({ version: 2, name: 'astray', arch: { id: 'tiny', size: 8 }, stages }), dataset);

/** What a training leaves in which nothing is planted. */
let sound: { readonly record: StageRecord; readonly model: AnyModel };

beforeAll(async () => {
  await testPlatform().start('wasm');
  sound = await trainedIn(memoryStore());
});

/** Where numbers come from in an epoch, first those forward, then those back. */
const PLACES: readonly Omit<Plant, 'value'>[] = [
  { kernel: GROUP_CONVOLUTION },
  { kernel: PLANAR_MOMENTS },
  { kernel: PLANAR_MOMENTS, output: 1 },
  { kernel: PLANAR_NORM },
  { kernel: GROUP_POOL },
  { kernel: ORBIT_WEIGHTS },
  { kernel: ORBIT_HIDDEN },
  { kernel: 'BatchMatMul' },
  { kernel: crossEntropyKernel.name },
  { kernel: crossEntropyKernel.name, output: 1 },
  { kernel: ORBIT_RESPONSE_GRADIENT },
  { kernel: ORBIT_RESPONSE_GRADIENT, output: 1 },
  { kernel: ORBIT_WEIGHT_GRADIENT },
  { kernel: PLANAR_NORM_GRADIENT },
  { kernel: PLANAR_NORM_GRADIENT, output: 1 },
  { kernel: PLANAR_NORM_GRADIENT, output: 2 },
  { kernel: INPUT_GRADIENT },
  { kernel: FILTER_GRADIENT },
  { kernel: ADAM },
  { kernel: ADAM, output: 1 },
  { kernel: ADAM, output: 2 },
  // Of the validation tiles.
  { kernel: PACKED_CONVOLUTION },
];
const NAMES = [...new Set(PLACES.map(({ kernel }) => kernel))];

/** Runs with something planted in the second epoch; the error that comes of it. */
async function astrayIn(run: Prepared, store: RunStore, plant: Plant): Promise<unknown> {
  const watched = watchKernels(NAMES);
  let epochs = 0;
  try {
    await finish(runRecipe(run, store), (event) => {
      if (event.type === 'epoch') epochs = event.epoch;
      if (event.type === 'epoch' && event.epoch === 1) watched.plant(plant);
    });
  } catch (error) {
    expect(watched.isPlanted()).toBe(true);
    return error;
  } finally {
    watched.end();
  }
  throw new Error(`It went on to epoch ${epochs}.`);
}

async function trainedIn(store: RunStore): Promise<{ record: StageRecord; model: AnyModel }> {
  const { stages } = await finish(runRecipe(prepared(TRAINING), store));
  const { record, model } = (await store.loadStage(keyOf(stages[0])))!;
  return { record, model: model! };
}

const weightsOf = (model: AnyModel) => encodeModel({ ...model, provenance: {} });

/** In front of a maximum, minus infinity is less than everything else, and nothing more. */
const placesFor = (value: number) =>
  PLACES.filter(({ kernel }) => value !== Number.NEGATIVE_INFINITY || kernel !== 'BatchMatMul');

describe.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d', (value) => {
  test.each(placesFor(value))(
    'in $kernel $output: training stops, and goes on to the same network',
    async (place) => {
      const run = prepared(TRAINING);
      const store = memoryStore();
      const error = await astrayIn(run, store, { ...place, value });
      expect(error).toBeInstanceOf(Astray);
      expect((error as Error).message).toMatch(
        /^Training went astray in epoch 2: .*(NaN|Infinity|no numbers).*\. Everything up to epoch 1 is kept; the best one is epoch 1, with \d+\.\d % .* smaller learning rate/,
      );
      const kept = (await store.loadCheckpoint(idsOf(run, datasetHash(dataset)).get('train')!))!;
      expect(kept.history).toHaveLength(1);
      expect(weightNotFinite(kept.best)).toBeNull();
      expect(weightNotFinite(bestSoFar(run, kept).params)).toBeNull();
      expect(weightsOf((await trainedIn(store)).model)).toEqual(weightsOf(sound.model));
    },
  );
});

describe('a network whose weights are too large to compute with', () => {
  /** Every weight of a layer as large as floats get: a file of it is as it should be. */
  const tooLarge = (model: AnyModel, layer: string): AnyModel => ({
    ...model,
    params: Object.fromEntries(
      Object.entries(model.params).map(([name, { shape, data }]) => [
        name,
        { shape, data: name === `${layer}.weight` ? data.map((value) => Math.sign(value) * 3e38) : data },
      ]),
    ),
  });
  const NEXT = [
    { kind: 'check' },
    { kind: 'prune', ratio: 0.5, method: 'variance', compensation: 'mean' },
    { kind: 'prune', ratio: 0.5, compensation: 'ridge' },
    { kind: 'prune-fields', ratio: 0.4, method: 'taylor', compensation: 'norms' },
    { kind: 'finetune', settings: { ...settings, scope: 'network', tolerance: 0, excellent: 0 } },
    { kind: 'finetune', settings: { ...settings, scope: 'output', tolerance: 0, excellent: 0 } },
    { kind: 'quantise' },
    { kind: 'quantise', layers: 'all' },
    { kind: 'distil', student: { hidden: 4 }, settings },
  ];
  const LAYERS = ['conv2', 'dense1', 'dense2'];

  test.each(LAYERS.flatMap((layer) => NEXT.map((stage) => ({ layer, stage, kind: stage.kind }))))(
    '$layer: $kind is stopped in words, and leaves no record and no network',
    async ({ layer, stage }) => {
      const run = prepared(TRAINING, stage);
      const store = memoryStore();
      const [, next] = idsOf(run, datasetHash(dataset)).values();
      await store.saveStage(sound.record, tooLarge(sound.model, layer));
      const error: unknown = await finish(runRecipe(run, store)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BadInput);
      expect((error as BadInput).message).toMatch(/NaN|Infinity|no number|too large/);
      expect(await store.loadStage(next)).toBeUndefined();
    },
  );
});
