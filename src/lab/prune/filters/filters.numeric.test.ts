/** Filters of networks from elsewhere: removed with all that they are tied to, and nothing else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { probabilitiesOf } from '../../evaluate/softmax';
import { bundlesOf } from '../../families/imported/channels';
import type { ImportedModel } from '../../families/imported/model';
import { paramShapes } from '../../families/layout';
import { openClassifier, traineeOf } from '../../families/networks';
import { normalisedTiles } from '../../nn/batch';
import type { Tensors } from '../../nn/live';
import type { Param } from '../../nn/model';
import * as tf from '../../runtime/tf';
import { finish } from '../../stage/events';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { expectCentralDifferences } from '../../testing/gradients';
import { cases } from '../../testing/properties';
import {
  noise,
  relativeToRange,
  shakenModel,
  TINY_IMPORTED,
  tinyDataset,
  tinySplits,
} from '../../testing/tiny';
import { CRITERION_IDS } from '../criteria';
import { zeroEntries } from '../units/take';
import { removedUnits } from '../units/units';
import { entriesOf, extractFilters } from './extract';
import { pruneFilters } from './prune';
import { filterStatistics } from './statistics';

async function logitsOf(model: ImportedModel, x: Float32Array): Promise<Float32Array> {
  const network = openClassifier(model);
  const logits = tf.tidy(() => network.logits(tf.tensor4d(x, [x.length / 192, 8, 8, 3])));
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  network.dispose();
  return values;
}

/** The network with all that reads units that go blind to them: what extraction should amount to. */
function blinded(model: ImportedModel, kept: readonly Uint32Array[]): ImportedModel {
  const params: Record<string, Param> = { ...model.params };
  for (const [i, { units, readers }] of bundlesOf(model.arch).entries()) {
    const gone = removedUnits(kept[i], units);
    for (const { layer, each } of readers) {
      const name = `${layer}.weight`;
      const axis = params[name].shape.length === 4 ? 1 : 0;
      params[name] = zeroEntries(params[name], axis, entriesOf(gone, each));
    }
  }
  return { ...model, params };
}

const model = shakenModel(TINY_IMPORTED);
const dataset = tinyDataset(12);
const splits = tinySplits(dataset);

describeOnBackends('filters', () => {
  forbidLeaks();

  test('what a residual sum ties together is one bundle, and passes depthwise convolutions', () => {
    const bundles = bundlesOf(TINY_IMPORTED);
    expect(bundles.map(({ units }) => units).toSorted()).toEqual([4, 5, 6, 7]);
    const tied = bundles.find(({ makers }) => makers.length === 2)!;
    expect(tied.makers.toSorted()).toEqual(['block.2', 'stem']);
    expect(tied.layers.toSorted()).toEqual(['block.2', 'deep', 'stem']);
    expect(tied.readers.map(({ layer }) => layer).toSorted()).toEqual(['beside', 'block.1']);
  });

  test('an extracted network answers as the whole one that is blind to what went', async () => {
    const x = noise(3 * 192, 7);
    const bundles = bundlesOf(TINY_IMPORTED);
    const some = fc.tuple(
      ...bundles.map(({ units }) =>
        fc.subarray(
          Array.from({ length: units }, (_, u) => u),
          { minLength: 1 },
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(some, async (chosen) => {
        const kept = chosen.map((each) => Uint32Array.from(each));
        const smaller = extractFilters(model, kept);
        expect(new Map(Object.entries(smaller.params).map(([name, { shape }]) => [name, shape]))).toEqual(
          paramShapes(smaller.arch),
        );
        const [a, b] = [await logitsOf(smaller, x), await logitsOf(blinded(model, kept), x)];
        expect(relativeToRange(a, b)).toBeLessThan(1e-4);
      }),
      { numRuns: cases(8) },
    );
  });

  test.each(CRITERION_IDS)(
    '%s: half of every bundle goes, and the network is really smaller',
    async (method) => {
      const choice = { method, compensation: 'none', ratio: 0.5, seed: 1 } as const;
      const pruned = await finish(pruneFilters(model, dataset, splits.train, choice));
      expect(pruned.kept.map(({ length }) => length)).toEqual(
        bundlesOf(TINY_IMPORTED).map(({ units }) => Math.floor(units / 2)),
      );
      expect(await logitsOf(pruned.model, noise(192, 3))).toHaveLength(3);
    },
  );

  test('Taylor is the slope of the loss as a unit fades in all layers that read it', async () => {
    const tiles = splits.train.subarray(0, 1);
    const found = await finish(filterStatistics(model, dataset, tiles));
    const x = normalisedTiles(dataset, tiles, model.normalisation);
    const label = dataset.labels[tiles[0]];
    const lossOf = async (of: ImportedModel) => {
      const shares = probabilitiesOf(await logitsOf(of, x), 3, 0);
      return -Math.log(shares[label]);
    };
    for (const [i, { units, readers }] of bundlesOf(TINY_IMPORTED).entries()) {
      const { taylor } = found[i].ranking;
      const unit = taylor.indexOf(Math.max(...taylor));
      const faded = (factor: number): ImportedModel => {
        const params: Record<string, Param> = { ...model.params };
        for (const { layer, each } of readers) {
          const { shape, data } = params[`${layer}.weight`];
          const outputs = shape.at(-1)!;
          const isOf = (at: number) =>
            Math.floor((Math.floor(at / outputs) % (units * each)) / each) === unit;
          params[`${layer}.weight`] = {
            shape,
            data: data.map((value, at) => (isOf(at) ? factor * value : value)),
          };
        }
        return { ...model, params };
      };
      const slope = ((await lossOf(faded(1.002))) - (await lossOf(faded(0.998)))) / 0.004;
      expect(taylor[unit]).toBeGreaterThan(0);
      expect(Math.abs(Math.abs(slope) - taylor[unit]), String(i)).toBeLessThan(0.03 * taylor[unit] + 1e-3);
    }
  });

  test('a unit that never changes is made up for exactly by its mean, where no edge is near', async () => {
    // The hidden neuron 2 is 1.5 for every tile.
    const { data, shape } = model.params['hidden.weight'];
    const params: Record<string, Param> = {
      ...model.params,
      'hidden.weight': { shape, data: data.map((value, i) => (i % 7 === 2 ? 0 : value)) },
      'hidden.bias': {
        shape: [7],
        data: model.params['hidden.bias'].data.map((value, i) => (i === 2 ? 1.5 : value)),
      },
    };
    const still = { ...model, params };
    const choice = { method: 'variance', compensation: 'mean', ratio: 0.15, seed: 1 } as const;
    const x = noise(4 * 192, 9);
    const { model: smaller, kept } = await finish(pruneFilters(still, dataset, splits.train, choice));
    const hidden = bundlesOf(TINY_IMPORTED).findIndex(({ makers }) => makers[0] === 'hidden');
    expect(Array.from(kept[hidden])).not.toContain(2);
    const only = kept.map((each, i) =>
      i === hidden ? each : Uint32Array.from({ length: bundlesOf(TINY_IMPORTED)[i].units }, (_, u) => u),
    );
    expect(smaller.params['say.bias'].data).not.toEqual(still.params['say.bias'].data);
    const alone = extractFilters(
      { ...still, params: { ...still.params, 'say.bias': smaller.params['say.bias'] } },
      only,
    );
    expect(relativeToRange(await logitsOf(alone, x), await logitsOf(still, x))).toBeLessThan(1e-4);
  });

  test('gradients are those of differences, through strides, pools and sums', async () => {
    const trainee = traineeOf(TINY_IMPORTED);
    const x = tf.tensor4d(noise(2 * 192, 8), [2, 8, 8, 3]);
    const weights = tf.tensor2d(noise(6, 6), [2, 3]);
    const names = ['stem.weight', 'block.1.weight', 'deep.weight', 'beside.weight', 'block.norm.scale'];
    const loss = (params: Tensors) =>
      tf.sum(tf.mul(trainee.train(params, x, null).logits, weights)) as tf.Scalar;
    await expectCentralDifferences(model.params, names, loss, 2e-3);
    tf.dispose([x, weights]);
  });
});
