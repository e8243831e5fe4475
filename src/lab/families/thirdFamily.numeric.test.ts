/** A family is one folder and one line: everything else works on a third one as it stands. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answersAtTurns } from '../evaluate/classify';
import { layerCosts, totalCost } from '../evaluate/cost';
import { fieldLayers } from '../evaluate/fieldMaps';
import { latencies } from '../evaluate/latency';
import { decodeAnyModel, decodeModel, encodeModel } from '../files/modelFile';
import { dataSectionBytes } from '../files/safetensors';
import { takeAlong } from '../files/takeAlong/takeAlong';
import type { AnyModel } from '../nn/model';
import { quantisationCheck } from '../quantize/check';
import { quantiseModel } from '../quantize/quantise';
import { parseRecipe } from '../recipe/parse';
import { runRecipe } from '../recipe/pipeline';
import { prepare } from '../recipe/prepare';
import * as tf from '../runtime/tf';
import { finish } from '../stage/events';
import { keyOf, memoryStore } from '../stage/store';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { noise, relativeToRange, shakenModel, tinyDataset, tinySplits } from '../testing/tiny';
import { trainSettingsSchema } from '../train/settings';
import { trainModel } from '../train/train';
import { anyNamedArch } from './anyArch';
import { initialParams } from './init';
import { addFamily, openClassifier } from './networks';
import { patches } from './testing/patches';
import { patchesNetworks } from './testing/patches/networks';
import { requireHidden } from './units';

async function logitsOf(model: AnyModel, x: tf.Tensor4D): Promise<Float32Array> {
  const network = openClassifier(model);
  const logits = network.logits(x);
  const values = Float32Array.from(await logits.data()) as Float32Array;
  logits.dispose();
  network.dispose();
  return values;
}

describeOnBackends('a third family', (backend) => {
  forbidLeaks();
  let remove: () => void;
  // The one line, for as long as these tests run.
  beforeAll(() => {
    remove = addFamily(patches, patchesNetworks);
  });
  afterAll(() => remove());

  const dataset = tinyDataset(12);
  const splits = tinySplits(dataset);
  const arch = () => anyNamedArch('patches-small');
  const made = () => shakenModel(arch());
  const recipe = (...stages: object[]) =>
    parseRecipe({ version: 1, name: 'third', arch: { id: 'patches-small', size: 8 }, stages });

  test('is trained: the loss falls, and its running statistics move under their own names', async () => {
    // SwiftShader compiles a shader for every new shape, so WebGPU gets one batch of one size.
    const some = backend === 'webgpu' ? { epochs: 3, batch: 32 } : { epochs: 8, batch: 8 };
    const settings = trainSettingsSchema.parse({ ...some, learningRate: 0.02 });
    const fresh = { ...made(), params: initialParams(arch(), 1) };
    const { history, params } = await finish(trainModel(fresh, dataset, splits, settings, 1));
    expect(history.at(-1)!.loss).toBeLessThan(0.95 * history[0].loss);
    for (const name of ['level.centre', 'level.spread', 'say.offset', 'look.kernel'])
      expect(params[name].data, name).not.toEqual(fresh.params[name].data);
  });

  test('is turned layer by layer, answers for a tile, and is timed', async () => {
    const store = memoryStore();
    const stages = [{ kind: 'train', settings: { epochs: 1, batch: 32 } }, { kind: 'rotate' }];
    const report = await finish(runRecipe(prepare(recipe(...stages), dataset), store));
    const [trained, rotated] = report.stages;
    expect(rotated.equivarianceError).toEqual([
      // Every second pixel of an even tile: a quarter turn sees other patches.
      { layer: 'looks', max: expect.toSatisfy((max: number) => max > 1e-3) },
      { layer: 'mean look', max: expect.any(Number) },
      { layer: 'says', max: expect.toSatisfy((max: number) => max > 1e-3) },
    ]);
    const model = (await store.loadStage(keyOf(trained)))!.model!;
    const turns = await answersAtTurns(model, dataset.pixels.subarray(0, 192));
    expect(turns.map(({ degrees }) => degrees)).toEqual([0, 90, 180, 270]);
    expect(fieldLayers(model.arch)).toEqual([]);
    expect((await latencies([model.arch]))[0]).toBeGreaterThan(0);
  });

  test('is costed from what it stores and computes', () => {
    expect(layerCosts(arch())).toEqual([
      { name: 'look', kind: 'patches', params: 27 * 6, macs: 16 * 27 * 6, bytes: 4 * 27 * 6, exported: null },
      { name: 'level', kind: 'norm', params: 12, macs: 0, bytes: 4 * 24, exported: null },
      { name: 'say', kind: 'dense', params: 21, macs: 18, bytes: 4 * 21, exported: null },
    ]);
  });

  test('is saved and opened again bit for bit, as floats and as integers', async () => {
    const x = tf.tensor4d(noise(2 * 192, 5), [2, 8, 8, 3]);
    const model = made();
    for (const each of [model, quantiseModel(model, { layers: 'dense', range: 'tile' })]) {
      const file = encodeModel(each);
      const back = decodeAnyModel(file);
      expect(back).toEqual(each);
      expect(await logitsOf(back, x)).toEqual(await logitsOf(each, x));
      expect(totalCost(each.arch).bytes).toBe(dataSectionBytes(file));
    }
    x.dispose();
  });

  test('is rounded where it can be, and refused in its own words where not', async () => {
    const model = made();
    const rounded = quantiseModel(model, { layers: 'dense', range: 'batch' });
    expect(Object.keys(rounded.int8!)).toEqual(['say.kernel']);
    const check = await finish(quantisationCheck(model, rounded, dataset, splits.val));
    expect(check.after.bytes).toBe(check.before.bytes - 3 * 18 + 4);
    const x = tf.tensor4d(noise(4 * 192, 6), [4, 8, 8, 3]);
    expect(relativeToRange(await logitsOf(rounded, x), await logitsOf(model, x))).toBeLessThan(0.05);
    x.dispose();
    expect(() => quantiseModel(model, { layers: 'all', range: 'batch' })).toThrow(
      /only the last layer can be/,
    );
  });

  test('is refused in its own words where it is to be pruned, taught or taken along', async () => {
    expect(() => requireHidden(made(), 'It')).toThrow(
      'It is patches-small, a classifier of patches, of which there is nothing to remove: choose another network.',
    );
    expect(() => decodeModel(encodeModel(made()), 'The file')).toThrow(
      /The file is patches-small.*nothing to/,
    );
    const prune = { kind: 'prune', ratios: [0.5], methods: ['l2'], compensations: ['none'], finetune: null };
    for (const stage of [prune, { kind: 'distil' }]) {
      expect(() => prepare(recipe({ kind: 'train' }, stage), dataset)).toThrow(/nothing to remove/);
    }
    await expect(takeAlong(made())).rejects.toThrow(/runs nowhere else\.$/);
    expect(() => anyNamedArch('patches-small', { hidden: 9 })).toThrow(/patches.* no hidden to choose/);
  });

  test('is known no longer once it is taken away, and its files are refused by name', () => {
    const file = encodeModel(made());
    remove();
    try {
      expect(() => anyNamedArch('patches-small')).toThrow(/There is no architecture "patches-small"/);
      expect(() => decodeAnyModel(file, 'The file')).toThrow(
        /no family "patches" of networks, only gcnn, mobile/,
      );
    } finally {
      remove = addFamily(patches, patchesNetworks);
    }
  });
});
