import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { layerCosts, totalCost } from '../../evaluate/cost';
import { equivarianceErrors } from '../../evaluate/equivariance';
import { logitsFromFeatures } from '../../evaluate/features';
import { blockLayouts } from '../../families/gcnn/layout';
import type { GcnnModel } from '../../families/gcnn/model';
import { openNetwork } from '../../families/gcnn/network';
import { paramShapes } from '../../families/layout';
import { decodeModel, encodeModel } from '../../files/modelFile';
import { quantiseModel } from '../../quantize/quantise';
import * as tf from '../../runtime/tf';
import { finish } from '../../stage/events';
import type { GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { expectEquivariant } from '../../testing/equivariant';
import { noise, relativeToRange, tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { trainSettingsSchema } from '../../train/settings';
import { trainModel } from '../../train/train';
import { fieldFilters } from '../fields/filters';
import { orbitsOf } from './choice';
import { expandToGrid, extractOrbits, maskOrbits, pruneOrbits } from './prune';

const SIZE = 8;
const tiles = noise(2 * SIZE * SIZE * 3, 4);

async function logitsOf(model: GcnnModel): Promise<Float32Array> {
  const network = openNetwork(model);
  const features = tf.tidy(() => network.features(tf.tensor4d(tiles, [2, SIZE, SIZE, 3])));
  const values = (await features.data()) as Float32Array;
  features.dispose();
  network.dispose();
  return logitsFromFeatures(model, values);
}

describe('spatial orbits', () => {
  test('3×3 has 3 of them; 5×5 has 7 under C4 and 6 under D4', () => {
    const count = (group: GroupName, kernel: 3 | 5) => orbitsOf(tinyModel({ group, kernel }).arch, 2).length;
    expect([count('C4', 3), count('D4', 3), count('C4', 5), count('D4', 5)]).toEqual([3, 3, 7, 6]);
  });

  test('on the grid a steerable 3×3 layer has 9 values for every 6', () => {
    const steerable = tinyModel({ filters: 'steerable' });
    const weights = ({ arch }: GcnnModel) => paramShapes(arch).get('conv2.weight')![0];
    expect([weights(steerable), weights(expandToGrid(steerable))]).toEqual([6, 9]);
  });

  test('only the whole outer ring shrinks the kernel and the multiply-adds; other orbits save parameters', () => {
    const model = tinyModel({ kernel: 5 });
    const ring = pruneOrbits(model, { block: 2, target: 'ring' }).model;
    expect(ring.arch.blocks[1]).toEqual({ fields: 3, kernel: 3, pool: false });
    const macs = ({ arch }: GcnnModel) => layerCosts(arch).find(({ name }) => name === 'conv2')!.macs;
    expect(macs(ring) / macs(model)).toBe(9 / 25);
    const half = { ratio: 0.5, method: 'l2', seed: 1 } as const;
    const fewer = pruneOrbits(model, { block: 2, target: half }).model;
    expect(fewer.arch.blocks[1].support?.length ?? 3).toBe(3);
    expect(totalCost(fewer.arch).params).toBeLessThan(totalCost(model.arch).params);
    expect(() => pruneOrbits(tinyModel({ kernel: 1 }), { block: 1, target: 'ring' })).toThrow(BadInput);
    expect(() => pruneOrbits(model, { block: 3, target: 'ring' })).toThrow(/1 to 2/);
  });

  test('a support that is none is refused with a sentence', () => {
    const { arch } = tinyModel({ kernel: 3 });
    const withSupport = (support: number[]) => ({
      ...arch,
      blocks: arch.blocks.map((block) => ({ ...block, support })),
    });
    expect(() => blockLayouts(withSupport([0, 3]))).toThrow(BadInput);
    expect(() => blockLayouts(withSupport([1, 0]))).toThrow(BadInput);
    expect(() => blockLayouts({ ...withSupport([0]), filters: 'steerable' })).toThrow(BadInput);
  });
});

describeOnBackends('pruning kernels', (backend) => {
  forbidLeaks();
  const anyCase = (group: GroupName) =>
    fc.record({
      seed: fc.integer({ min: 1, max: 1000 }),
      group: fc.constant(group),
      filters: fc.constantFrom('grid' as const, 'steerable' as const),
      kernel: fc.constantFrom(3 as const, 5 as const),
      block: fc.constantFrom(1, 2),
      pick: fc.nat(),
    });
  const keptOf = (model: GcnnModel, block: number, pick: number) => {
    const count = orbitsOf(model.arch, block).length;
    const bits = 1 + (pick % (2 ** count - 1));
    return Uint32Array.from({ length: count }, (_, i) => i).filter((i) => (bits >> i) & 1);
  };

  test.each(['C4', 'D4'] satisfies GroupName[])(
    '%s: masked = extracted, as equivariant as before for all elements, and stored as counted',
    (group) =>
      fc.assert(
        fc.asyncProperty(anyCase(group), async ({ block, pick, ...options }) => {
          const model = expandToGrid(tinyModel(options));
          const kept = keptOf(model, block, pick);
          const extracted = extractOrbits(model, block, kept);
          const masked = await logitsOf(maskOrbits(model, block, kept));
          expect(relativeToRange(await logitsOf(extracted), masked)).toBeLessThan(1e-5);
          await expectEquivariant(extracted, tiles);
          for (const [name, shape] of paramShapes(extracted.arch)) {
            expect(extracted.params[name].shape, name).toEqual(shape);
          }
        }),
        { numRuns: backend === 'webgpu' ? 1 : 5 },
      ),
  );

  test('the grid form of a steerable network is the same function', async () => {
    const model = tinyModel({ filters: 'steerable', group: 'D4', kernel: 5 });
    expect(relativeToRange(await logitsOf(expandToGrid(model)), await logitsOf(model))).toBeLessThan(1e-5);
  });

  test('pruned twice, saved, loaded, rounded to integers and trained on, it keeps its support', async () => {
    const once = extractOrbits(tinyModel({ kernel: 5 }), 2, Uint32Array.of(0, 2, 3, 6));
    expect(once.arch.blocks[1].support).toEqual([0, 2, 3, 6]);
    const twice = extractOrbits(once, 2, Uint32Array.of(1, 3));
    expect(twice.arch.blocks[1].support).toEqual([2, 6]);
    const loaded = decodeModel(encodeModel(twice));
    expect(await logitsOf(loaded)).toEqual(await logitsOf(twice));
    const integers = quantiseModel(twice, { layers: 'all', range: 'tile' });
    expect(integers.int8!['conv2.weight'].shape).toEqual([5, 2, 4, 3]);
    expect(relativeToRange(await logitsOf(integers), await logitsOf(twice))).toBeLessThan(0.1);
    const { patterns, width, actions } = fieldFilters(twice, 2);
    expect(patterns.length).toBe(3 * width);
    for (const source of actions) {
      expect([...Uint32Array.from(source)].sort((a, b) => a - b)).toEqual([...Array(width).keys()]);
    }
    const dataset = tinyDataset(4);
    const settings = trainSettingsSchema.parse({ epochs: 1, batch: 8, learningRate: 0.01 });
    const trained = await finish(trainModel(twice, dataset, tinySplits(dataset), settings, 1));
    expect(trained.params['conv2.weight'].shape).toEqual([5, 2, 4, 3]);
    const errors = await equivarianceErrors({ ...twice, params: trained.params }, tiles);
    for (const { layer, max } of errors) expect(max, layer).toBeLessThan(1e-5);
  });
});
