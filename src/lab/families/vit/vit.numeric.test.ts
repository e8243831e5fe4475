import { expect, test } from 'vitest';
import { equivarianceErrors } from '../../evaluate/equivariance';
import { decodeCheckpoint, encodeCheckpoint } from '../../files/checkpointFile';
import { tileBatch } from '../../nn/batch';
import type { Tensors } from '../../nn/live';
import { quantiseModel } from '../../quantize/quantise';
import * as tf from '../../runtime/tf';
import type { FitCheckpoint } from '../../stage/checkpoint';
import { finish } from '../../stage/events';
import type { GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { expectCentralDifferences } from '../../testing/gradients';
import { noise, shakenModel, tinyDataset, tinySplits, tinyVit } from '../../testing/tiny';
import { trainSettingsSchema } from '../../train/settings';
import { trainModel } from '../../train/train';
import { initialParams } from '../init';
import { vit } from '.';
import { vitTrainee } from './trainee';

const LAYERS = ['patches', 'attention1', 'mlp1', 'attention2', 'mlp2', 'class token', 'pooled', 'logits'];

describeOnBackends('transformers', (backend) => {
  forbidLeaks();
  const dataset = tinyDataset(12);
  const splits = tinySplits(dataset);
  const groups: readonly GroupName[] = backend === 'webgpu' ? ['D4'] : ['C2', 'C4', 'D1', 'D4'];

  // Grids of 2×2 and of 3×3 patches: mirrors leave those of a diagonal where they are, and a turn the one in the middle.
  test.each(
    groups.flatMap((group) => (backend === 'webgpu' ? [12] : [8, 12]).map((size) => [group, size] as const)),
  )(
    '%s, %i pixels: every layer turns with the picture, for every element, and the answer stays',
    async (group, size) => {
      const model = shakenModel(tinyVit(group, size));
      const tiles = noise(2 * size * size * 3, 7);
      const errors = await equivarianceErrors(model, tiles);
      expect(errors.map(({ layer }) => layer)).toEqual(LAYERS);
      for (const { layer, max } of errors) expect(max, layer).toBeLessThan(1e-5);
      const rounded = await equivarianceErrors(quantiseModel(model, { layers: 'all', range: 'tile' }), tiles);
      // A number between two levels may fall to either; what is not equivariant is off by far more.
      for (const { layer, max } of rounded) expect(max, layer).toBeLessThan(0.02);
    },
  );

  // The other engines do; each new shape is seconds of SwiftShader's.
  test.skipIf(backend === 'webgpu')('a plain one is not equivariant in any layer', async () => {
    const errors = await equivarianceErrors(shakenModel(tinyVit('C1')), noise(2 * 192, 7));
    for (const { layer, max } of errors) expect(max, layer).toBeGreaterThan(1e-3);
  });

  test('the gradient of a parameter in every kind of layer equals a central difference', async () => {
    const spec = tinyVit('C4');
    const model = shakenModel(spec);
    const all = vit.params(spec).map(({ name }) => name);
    // The second block has the layers of the first; a constant added to all keys changes nothing.
    const different = all.filter((name) => !name.startsWith('block2') && name !== 'block1.qkv.bias');
    const names = backend === 'webgpu' ? ['position.token', 'block1.qkv.weight', 'norm.scale'] : different;
    const x = tileBatch(dataset, splits.train.subarray(0, 4), model.normalisation);
    const weights = tf.tensor(noise(4 * 3, 9), [4, 3]);
    const loss = (params: Tensors): tf.Scalar =>
      tf.sum(tf.mul(vitTrainee(spec).train(params, x, null).logits, weights));
    await expectCentralDifferences(model.params, names, loss, 1e-3);
    tf.dispose([x, weights]);
  });

  test('training with AdamW, warm-up, cosine, smoothed labels and changed tiles lowers the loss', async () => {
    // SwiftShader compiles a shader for every new shape, so WebGPU gets one batch of one size.
    const some = backend === 'webgpu' ? { epochs: 2, batch: 32 } : { epochs: 10, batch: 8 };
    const settings = trainSettingsSchema.parse({
      ...some,
      learningRate: 0.01,
      ...{ decay: 'cosine', warmup: 1, decoupled: true, weightDecay: 0.05, smoothing: 0.1 },
      augment: { crop: 1, flip: true },
    });
    const spec = { ...tinyVit('C4'), dropout: 0.1 };
    const fresh = { ...shakenModel(spec), params: initialParams(spec, 1) };
    const { history, params } = await finish(trainModel(fresh, dataset, splits, settings, 1));
    expect(history.at(-1)!.loss).toBeLessThan((backend === 'webgpu' ? 1 : 0.8) * history[0].loss);
    for (const name of ['class.token', 'position.token', 'block2.norm2.scale'])
      expect(params[name].data, name).not.toEqual(fresh.params[name].data);
  });

  // WebGPU adds up long sums in no fixed order, so only WASM and plain JavaScript promise equal bits.
  test.skipIf(backend === 'webgpu')(
    'a run resumed from a file equals the uninterrupted one bit for bit',
    async () => {
      const settings = trainSettingsSchema.parse({
        ...{
          epochs: 3,
          batch: 8,
          learningRate: 0.01,
          decay: 'cosine',
          warmup: 1,
          decoupled: true,
          smoothing: 0.1,
        },
        augment: { crop: 1, flip: true },
      });
      const model = shakenModel({ ...tinyVit('C4'), dropout: 0.2 });
      const train = (resume?: FitCheckpoint) => trainModel(model, dataset, splits, settings, 5, resume);
      const kept: FitCheckpoint[] = [];
      const whole = await finish(train(), (event) => {
        if (event.type === 'checkpoint') kept.push(event.checkpoint);
      });
      for (const checkpoint of kept.slice(0, 2)) {
        const resumed = await finish(train(decodeCheckpoint(encodeCheckpoint(checkpoint))));
        expect(resumed.params).toEqual(whole.params);
        expect(resumed.history.map(({ loss }) => loss)).toEqual(whole.history.map(({ loss }) => loss));
      }
    },
  );
});
