import { expect, test } from 'vitest';
import { totalCost } from '../../evaluate/cost';
import { rotationCheck } from '../../evaluate/rotation';
import { decodeAnyModel, decodeModel, encodeModel } from '../../files/modelFile';
import { tileBatch } from '../../nn/batch';
import { type Tensors, uploadParams } from '../../nn/live';
import type { Model } from '../../nn/model';
import { NORM_EPSILON } from '../../nn/ops/fieldNormLoops';
import { quantisationCheck } from '../../quantize/check';
import { quantiseModel } from '../../quantize/quantise';
import { parseRecipe } from '../../recipe/parse';
import { runRecipe } from '../../recipe/pipeline';
import { prepare } from '../../recipe/prepare';
import * as tf from '../../runtime/tf';
import { finish } from '../../stage/events';
import { keyOf, memoryStore } from '../../stage/store';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { expectCentralDifferences } from '../../testing/gradients';
import {
  noise,
  relativeToRange,
  shakenModel,
  TINY_MOBILE,
  tinyDataset,
  tinySplits,
} from '../../testing/tiny';
import { trainSettingsSchema } from '../../train/settings';
import { trainModel } from '../../train/train';
import { initialParams } from '../init';
import { openClassifier } from '../networks';
import { mobileBlocks } from './layout';
import type { MobileSpec } from './spec';
import { mobileTrainee } from './trainee';

async function logitsOf(model: Parameters<typeof openClassifier>[0], x: tf.Tensor4D): Promise<Float32Array> {
  const network = openClassifier(model);
  const logits = network.logits(x);
  const values = Float32Array.from(await logits.data()) as Float32Array;
  logits.dispose();
  network.dispose();
  return values;
}

/** The network by tfjs's own operations, norms from running statistics and not folded. */
function unfolded({ arch, params }: Model<MobileSpec>, x: tf.Tensor4D): tf.Tensor {
  const of = (name: string) => tf.tensor(params[name].data, [...params[name].shape]);
  let value: tf.Tensor4D = x;
  for (const { layers, residual } of mobileBlocks(arch)) {
    const entering = value;
    for (const { index, kind, kernel, stride, channelsIn, channelsOut, active } of layers) {
      const weight = of(`conv${index}.weight`);
      const pad = (kernel - 1) / 2;
      const response =
        kind === 'depthwise'
          ? tf.depthwiseConv2d(value, tf.reshape(weight, [kernel, kernel, channelsOut, 1]), stride, pad)
          : tf.conv2d(value, tf.reshape(weight, [kernel, kernel, channelsIn, channelsOut]), stride, pad);
      const z = tf.batchNorm(
        response,
        of(`norm${index}.mean`) as tf.Tensor1D,
        of(`norm${index}.variance`) as tf.Tensor1D,
        of(`norm${index}.shift`) as tf.Tensor1D,
        of(`norm${index}.scale`) as tf.Tensor1D,
        NORM_EPSILON,
      );
      value = (active ? tf.clipByValue(z, 0, 6) : z) as tf.Tensor4D;
    }
    if (residual) value = tf.add(value, entering) as tf.Tensor4D;
  }
  const pooled = tf.mean(value, [1, 2]) as tf.Tensor2D;
  return tf.add(tf.matMul(pooled, of('dense.weight') as tf.Tensor2D), of('dense.bias'));
}

describeOnBackends('comparators', (backend) => {
  forbidLeaks();
  const dataset = tinyDataset(12);
  const splits = tinySplits(dataset);

  test('folded for inference it answers as layer by layer, and as validation in training', async () => {
    const model = shakenModel(TINY_MOBILE);
    const x = tf.tensor4d(noise(3 * 8 * 8 * 3, 4), [3, 8, 8, 3]);
    const folded = await logitsOf(model, x);
    const plain = tf.tidy(() => unfolded(model, x));
    expect(relativeToRange(folded, await plain.data())).toBeLessThan(1e-5);
    const live = uploadParams(model.params);
    const open = mobileTrainee(TINY_MOBILE).open(live);
    const validating = tf.tidy(() => open.logits(x));
    expect(relativeToRange(await validating.data(), folded)).toBeLessThan(1e-6);
    open.dispose();
    tf.dispose([x, plain, validating, ...Object.values(live)]);
  });

  test('the gradient of a parameter in every kind of layer equals a central difference', async () => {
    const model = shakenModel(TINY_MOBILE);
    const names = [
      'conv1.weight',
      'conv2.weight',
      'norm2.scale',
      'conv5.weight',
      'conv7.weight',
      'dense.weight',
    ];
    const x = tileBatch(dataset, splits.train.subarray(0, 4), model.normalisation);
    const weights = tf.tensor(noise(4 * 3, 9), [4, 3]);
    const loss = (params: Tensors): tf.Scalar => {
      const { logits, moments } = mobileTrainee(TINY_MOBILE).train(params, x, null);
      expect(moments).toHaveLength(10);
      return tf.sum(tf.mul(logits, weights));
    };
    await expectCentralDifferences(model.params, names, loss, 2e-3);
    tf.dispose([x, weights]);
  });

  test('training lowers the loss and learns; the running statistics move', async () => {
    // SwiftShader compiles a shader for every new shape, so WebGPU gets one batch of one size.
    const some = backend === 'webgpu' ? { epochs: 3, batch: 32 } : { epochs: 8, batch: 8 };
    const settings = trainSettingsSchema.parse({ ...some, learningRate: 0.02 });
    const fresh = { ...shakenModel({ ...TINY_MOBILE, dropout: 0.1 }), params: initialParams(TINY_MOBILE, 1) };
    const { history, params } = await finish(trainModel(fresh, dataset, splits, settings, 1));
    expect(history.at(-1)!.loss).toBeLessThan(history[0].loss);
    if (backend !== 'webgpu') expect(history.at(-1)!.loss).toBeLessThan(0.5 * history[0].loss);
    expect(params['norm3.mean'].data).not.toEqual(fresh.params['norm3.mean'].data);
  });

  test('saved and opened again it gives the same logits bit for bit, as floats and as integers', async () => {
    const x = tf.tensor4d(noise(2 * 8 * 8 * 3, 5), [2, 8, 8, 3]);
    const model = shakenModel(TINY_MOBILE);
    for (const each of [model, quantiseModel(model, { layers: 'all', range: 'batch' })]) {
      const bytes = encodeModel(each);
      const back = decodeAnyModel(bytes);
      expect(back.arch).toEqual(each.arch);
      expect(await logitsOf(back, x)).toEqual(await logitsOf(each, x));
      const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(totalCost(each.arch).bytes).toBe(bytes.length - 8 - header);
      expect(() => decodeModel(bytes, 'The file')).toThrow(/The file is mobilenet-v2.*no hidden neurons/);
    }
    x.dispose();
  });

  test('integers answer nearly as the floats they stand for', async () => {
    const model = shakenModel(TINY_MOBILE);
    const rounded = quantiseModel(model, { layers: 'all', range: 'batch' });
    const check = await finish(quantisationCheck(model, rounded, dataset, splits.val));
    expect(check.n).toBe(splits.val.length);
    expect(check.after.bytes).toBeLessThan(check.before.bytes);
    const x = tf.tensor4d(noise(4 * 8 * 8 * 3, 6), [4, 8, 8, 3]);
    expect(relativeToRange(await logitsOf(rounded, x), await logitsOf(model, x))).toBeLessThan(0.05);
    x.dispose();
    expect(() => quantiseModel(rounded, { layers: 'all', range: 'batch' })).toThrow(/quantise last/);
  });

  test('turned pictures: every block is measured, and strides break the symmetry', async () => {
    const check = await finish(rotationCheck(shakenModel(TINY_MOBILE), dataset, splits.val, [0, 90]));
    expect(check.equivarianceError.map(({ layer }) => layer)).toEqual([
      'stem',
      'block1',
      'block2',
      'block3',
      'features',
      'pooled',
      'logits',
    ]);
    expect(check.equivarianceError.at(-1)!.max).toBeGreaterThan(1e-3);
  });

  // SwiftShader would compile shaders for 53 layers at full width.
  test.runIf(backend === 'wasm')(
    'a recipe trains, tests and quantises one at full width',
    async () => {
      const store = memoryStore();
      const recipe = parseRecipe({
        version: 1,
        name: 'full width',
        arch: { id: 'efficientnet-lite0', size: 8 },
        split: { train: 0.6, val: 0.2, test: 0.2, limit: { train: 6, val: 3, test: 3 } },
        stages: [
          { kind: 'train', settings: { epochs: 1, batch: 6 } },
          { kind: 'quantise', layers: 'all' },
          { kind: 'rotate' },
        ],
      });
      const { stages } = await finish(runRecipe(prepare(recipe, dataset), store));
      expect(stages.map(({ name }) => name)).toEqual(['train', 'quantise all per batch', 'check test']);
      const [floats, integers] = await Promise.all(
        stages.slice(0, 2).map(async (record) => (await store.loadStage(keyOf(record)))!.model!),
      );
      expect(floats.provenance.steps).toMatchObject([{ name: 'train', epochs: 1 }]);
      expect(integers.arch.int8).toEqual({ layers: 'all', range: 'batch' });
      expect(stages[2].bytes).toBe(totalCost(integers.arch).bytes);
      expect(stages[2].bytes / stages[0].bytes).toBeLessThan(0.26);
    },
    90_000,
  );

  test('a file whose architecture does not fit is refused by the rules of its family', () => {
    const broken = { ...shakenModel(TINY_MOBILE), arch: { ...TINY_MOBILE, features: 0 } };
    expect(() => decodeAnyModel(encodeModel(broken), 'The file')).toThrow(/"arch\.features" does not fit/);
  });

  test('a recipe that prunes or distils a comparator is refused before anything runs', () => {
    const recipe = (stage: object) =>
      parseRecipe({
        version: 1,
        name: 'x',
        arch: { id: 'mobilenet-v2', size: 8 },
        stages: [{ kind: 'train' }, stage],
      });
    const prune = { kind: 'prune', ratios: [0.5], methods: ['l2'], compensations: ['none'], finetune: null };
    expect(() => prepare(recipe(prune), dataset)).toThrow(/"prune" stage.*single dense layer/);
    expect(() => prepare(recipe({ kind: 'distil' }), dataset)).toThrow(/"distil" stage.*single dense layer/);
    expect(prepare(recipe({ kind: 'quantise', layers: 'all' }), dataset).arch.classes).toBe(3);
  });
});
