import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadInput } from '../../errors';
import { layerCosts, totalCost } from '../../evaluate/cost';
import { equivarianceErrors } from '../../evaluate/equivariance';
import { HEAD_KINDS, type HeadKind } from '../../families/gcnn/arch';
import type { GcnnModel } from '../../families/gcnn/model';
import { openNetwork } from '../../families/gcnn/network';
import { paramShapes } from '../../families/layout';
import { decodeModel, encodeModel } from '../../files/modelFile';
import { normalisedTiles } from '../../nn/batch';
import type { Params } from '../../nn/model';
import { quantiseModel } from '../../quantize/quantise';
import * as tf from '../../runtime/tf';
import { finish } from '../../stage/events';
import { GROUPS, type GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { expectEquivariant } from '../../testing/equivariant';
import { noise, relativeToRange, tinyDataset, tinyModel, tinySplits } from '../../testing/tiny';
import { CRITERION_IDS } from '../criteria';
import { FIELD_COMPENSATIONS } from './choice';
import { compensateByMean } from './compensate';
import { extractFields, type KeptFields, maskFields } from './extract';
import { fieldFilters } from './filters';
import { pruneFields } from './prune';
import { reestimateNorms } from './renorm';
import { fieldStatistics } from './statistics';

const SIZE = 8;
const dataset = tinyDataset(6, SIZE);
const splits = tinySplits(dataset);
const measured = async (archs: readonly unknown[]) => archs.map(() => 1);

/** Two blocks of 2 and 3 fields; the second field of the first and some of the last go. */
const ofGroups = test.each(['C4', 'D4'] satisfies GroupName[]);
const anyModel = (group: GroupName) =>
  fc.record({
    seed: fc.integer({ min: 1, max: 1000 }),
    group: fc.constant(group),
    filters: fc.constantFrom('grid' as const, 'steerable' as const),
    head: fc.constantFrom<HeadKind>(...HEAD_KINDS),
  });
const anyKept = fc
  .tuple(fc.subarray([0, 1], { minLength: 1 }), fc.subarray([0, 1, 2], { minLength: 1 }))
  .map((kept): KeptFields => kept.map((fields) => Uint32Array.from(fields)));

async function outputs(model: GcnnModel, tiles: Float32Array, layer: string): Promise<Float32Array> {
  const network = openNetwork(model);
  const value = tf.tidy(() => {
    let seen: tf.Tensor | undefined;
    const x = tf.tensor4d(tiles, [tiles.length / (SIZE * SIZE * 3), SIZE, SIZE, 3]);
    const features = network.features(x, (name, each) => {
      if (name === layer) seen = tf.keep(tf.clone(each));
    });
    const logits = network.logits(network.hidden(features));
    return layer === 'logits' ? tf.keep(logits) : seen!;
  });
  const data = Float32Array.from((await value.data()) as Float32Array);
  value.dispose();
  network.dispose();
  return data;
}

const logitsOf = (model: GcnnModel, tiles: Float32Array) => outputs(model, tiles, 'logits');

describeOnBackends('fields', (backend) => {
  forbidLeaks();
  const numRuns = backend === 'webgpu' ? 1 : 8;
  const tiles = noise(3 * SIZE * SIZE * 3, 11);

  ofGroups('%s: masked and extracted networks give the same logits, compensated or not', (group) =>
    fc.assert(
      fc.asyncProperty(anyModel(group), anyKept, fc.boolean(), async (options, kept, compensated) => {
        const model = tinyModel(options);
        const statistics = model.arch.blocks.map(({ fields }, i) => ({
          mean: Float64Array.from(noise(fields, options.seed + i)),
        }));
        const adjusted = compensated ? compensateByMean(model, kept, statistics) : model;
        const masked = await logitsOf(maskFields(adjusted, kept), tiles);
        const extracted = await logitsOf(extractFields(adjusted, kept), tiles);
        expect(relativeToRange(extracted, masked)).toBeLessThan(1e-5);
      }),
      { numRuns },
    ),
  );

  ofGroups('%s: every layer stays as equivariant as it was, for all elements of the group', (group) =>
    fc.assert(
      fc.asyncProperty(anyModel(group), anyKept, async (options, kept) => {
        const model = tinyModel({ ...options, head: options.head === 'flat' ? 'orbit' : options.head });
        const statistics = model.arch.blocks.map(({ fields }, i) => ({
          // Far larger than any real mean: what the border is told too much would show.
          mean: Float64Array.from(noise(fields, options.seed + i), (value) => 5 * value),
        }));
        for (const each of [model, compensateByMean(model, kept, statistics)]) {
          await expectEquivariant(extractFields(each, kept), tiles);
        }
      }),
      { numRuns: backend === 'webgpu' ? 1 : 4 },
    ),
  );

  ofGroups('%s: parameters and multiply-adds are those stored and executed', (group) =>
    fc.assert(
      fc.asyncProperty(anyModel(group), anyKept, async (options, kept) => {
        const { arch, params } = extractFields(tinyModel(options), kept);
        for (const [name, shape] of paramShapes(arch)) {
          expect(params[name].shape, name).toEqual(shape);
          expect(params[name].data.length).toBe(shape.reduce((a, b) => a * b, 1));
        }
        const order = GROUPS[arch.group].order;
        const second = layerCosts(arch).find(({ name }) => name === 'conv2')!;
        const side = SIZE / 2;
        expect(second.macs).toBe(side * side * 9 * kept[0].length * order * kept[1].length * order);
      }),
      { numRuns },
    ),
  );

  test('a pruned network is saved, loaded, and rounded to integers like any other', async () => {
    const pruned = extractFields(tinyModel({ group: 'D4' }), [Uint32Array.of(1), Uint32Array.of(0, 2)]);
    const loaded = decodeModel(encodeModel(pruned));
    expect(loaded.arch.blocks.map(({ fields }) => fields)).toEqual([1, 2]);
    expect(await logitsOf(loaded, tiles)).toEqual(await logitsOf(pruned, tiles));
    const integers = quantiseModel(pruned, { layers: 'all', range: 'tile' });
    const errors = await equivarianceErrors(integers, tiles);
    // Activations in between are floats; at a rounding boundary a level may differ by one.
    for (const { layer, max } of errors.slice(0, 3)) expect(max, layer).toBeLessThan(1e-5);
    expect(() => extractFields(integers, [Uint32Array.of(0), Uint32Array.of(0)])).toThrow(BadInput);
  });
});

describeOnBackends('statistics of fields', (backend) => {
  forbidLeaks();

  test.each(['grid', 'steerable'] as const)(
    '%s: means and variances are those of what the consumer reads',
    async (filters) => {
      const model = tinyModel({ filters, group: 'D4' });
      const [first, last] = await finish(fieldStatistics(model, dataset, splits.train));
      const batch = pixelsOf(splits.train);
      const { order } = GROUPS.D4;
      compare(first, await outputs(model, batch, 'block1'), 2, order);
      compare(last, await outputs(model, batch, 'group pooling'), 3, 1);

      function compare(found: typeof first, values: Float32Array, fields: number, copies: number) {
        for (let f = 0; f < fields; f++) {
          const own = values.filter((_, i) => Math.floor(i / copies) % fields === f);
          const mean = own.reduce((a, b) => a + b, 0) / own.length;
          const variance = own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length;
          expect(found.mean[f]).toBeCloseTo(mean, 4);
          expect(found.variance[f]).toBeCloseTo(variance, 4);
        }
      }
    },
  );

  test('Taylor is the slope of the loss along a common factor on the field', async () => {
    const model = tinyModel({ group: 'C4', head: 'pooled' });
    const one = splits.train.subarray(0, 1);
    const statistics = await finish(fieldStatistics(model, dataset, one));
    const batch = pixelsOf(one);
    const label = dataset.labels[one[0]];
    const loss = async (changed: GcnnModel) => {
      const logits = await logitsOf(changed, batch);
      return Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[label];
    };
    // A factor on a field is a factor on its consumer's slices.
    const scaled = (block: number, field: number, factor: number): GcnnModel => {
      const name = block === 1 ? 'conv2.weight' : 'dense1.weight';
      const { shape, data } = model.params[name];
      const per = block === 1 ? shape[2] * shape[3] : shape[1];
      const width = block === 1 ? shape[1] : 3;
      const values = data.map((value, i) => (Math.floor(i / per) % width === field ? value * factor : value));
      return { ...model, params: { ...model.params, [name]: { shape, data: values } } };
    };
    for (const [block, fields] of [
      [1, 2],
      [2, 3],
    ]) {
      for (let field = 0; field < fields; field++) {
        const h = 0.01;
        const slope =
          ((await loss(scaled(block, field, 1 + h))) - (await loss(scaled(block, field, 1 - h)))) / (2 * h);
        expect(Math.abs(statistics[block - 1].taylor[field] - Math.abs(slope))).toBeLessThan(2e-3);
      }
    }
  });

  test('the group moves a filter as the network does: a moved field has the same maximum over orientations', async () => {
    const model = tinyModel({ group: 'D4', seed: 5 });
    const plainNorm = Object.fromEntries(
      ['scale', 'shift', 'mean', 'variance'].map((part) => [
        `norm2.${part}`,
        { shape: [3], data: new Float32Array(3).fill(1) },
      ]),
    );
    const params: Params = {
      ...model.params,
      ...plainNorm,
      'conv2.bias': { shape: [3], data: new Float32Array(3) },
    };
    const { width, actions } = fieldFilters({ ...model, params }, 2);
    const { shape, data } = params['conv2.weight'];
    for (const source of actions) {
      expect([...Uint32Array.from(source)].sort((a, b) => a - b)).toEqual([...Array(width).keys()]);
      const moved = data.slice();
      for (let i = 0; i < width; i++) moved[i * 3 + 1] = data[source[i] * 3];
      const twin = { ...model, params: { ...params, 'conv2.weight': { shape, data: moved } } };
      const maps = await outputs(twin, noise(SIZE * SIZE * 3, 2), 'group pooling');
      const [first, copy] = [0, 1].map((field) => maps.filter((_, i) => i % 3 === field));
      expect(relativeToRange(copy, first)).toBeLessThan(1e-5);
    }
  });

  describe('mean compensation', () => {
    ofGroups(
      '%s: on 1×1 kernels leaves the calibration mean of the next pre-activation where it was',
      (group) =>
        fc.assert(
          fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (seed) => {
            const model = tinyModel({ kernel: 1, seed, group });
            const { order } = GROUPS[group];
            const kept = [Uint32Array.of(seed % 2), Uint32Array.of(0, 1, 2)];
            const statistics = await finish(fieldStatistics(model, dataset, splits.train));
            const batch = pixelsOf(splits.train);
            const before = await outputs(openGates(model), batch, 'block2');
            const after = await outputs(
              openGates(maskFields(compensateByMean(model, kept, statistics), kept)),
              batch,
              'block2',
            );
            for (let f = 0; f < 3; f++) {
              const mean = (values: Float32Array) => {
                const own = values.filter((_, i) => Math.floor(i / order) % 3 === f);
                return own.reduce((a, b) => a + b, 0) / own.length;
              };
              expect(Math.abs(mean(after) - mean(before))).toBeLessThan(1e-3);
            }
          }),
          { numRuns: backend === 'webgpu' ? 1 : 3 },
        ),
    );

    ofGroups('%s: into a pooled head too', async (group) => {
      const model = openHidden(tinyModel({ group, head: 'pooled', seed: 4 }));
      const kept = [Uint32Array.of(0, 1), Uint32Array.of(1)];
      const statistics = await finish(fieldStatistics(model, dataset, splits.train));
      const means = async (each: GcnnModel) => {
        const logits = await logitsOf(each, pixelsOf(splits.train));
        return [0, 1, 2].map((c) => meanOf(logits.filter((_, i) => i % 3 === c)));
      };
      const before = await means(model);
      const after = await means(maskFields(compensateByMean(model, kept, statistics), kept));
      const without = await means(maskFields(model, kept));
      before.forEach((mean, c) => {
        expect(Math.abs(after[c] - mean)).toBeLessThan(1e-3);
      });
      expect(Math.max(...before.map((mean, c) => Math.abs(without[c] - mean)))).toBeGreaterThan(1e-2);
    });

    ofGroups(
      '%s: on padded kernels does so in the interior, where the activation is the same everywhere',
      async (group) => {
        // One colour per tile and a 1×1 first layer: its maps are constant, so only the border knows of the padding.
        const base = tinyModel({ kernel: 3, seed: 3, group });
        const flatPixels = dataset.pixels.map((_, i) => dataset.pixels[i - (i % (SIZE * SIZE * 3))]);
        const flat = { ...dataset, pixels: flatPixels };
        const narrow = tinyModel({ kernel: 1, seed: 3, group });
        const channels = 3 * GROUPS[group].order;
        const model: GcnnModel = {
          ...base,
          arch: { ...base.arch, blocks: [narrow.arch.blocks[0], base.arch.blocks[1]] },
          params: { ...base.params, 'conv1.weight': narrow.params['conv1.weight'] },
        };
        const kept = [Uint32Array.of(0), Uint32Array.of(0, 1, 2)];
        const statistics = await finish(fieldStatistics(model, flat, splits.train));
        const batch = pixelsOf(splits.train, flat);
        const before = await outputs(openGates(model), batch, 'block2');
        const after = await outputs(
          openGates(maskFields(compensateByMean(model, kept, statistics), kept)),
          batch,
          'block2',
        );
        const side = SIZE / 2;
        const meanAt = (values: Float32Array, inside: boolean) => {
          const chosen = values.filter((_, i) => {
            const position = Math.floor(i / channels) % (side * side);
            const [y, x] = [Math.floor(position / side), position % side];
            return (y > 0 && x > 0 && y < side - 1 && x < side - 1) === inside;
          });
          return chosen.reduce((a, b) => a + b, 0) / chosen.length;
        };
        expect(Math.abs(meanAt(after, true) - meanAt(before, true))).toBeLessThan(1e-3);
        expect(Math.abs(meanAt(after, false) - meanAt(before, false))).toBeGreaterThan(1e-2);
      },
    );
  });

  test('re-estimated norms make every layer’s pre-activation as wide as its scale says', async () => {
    const model = tinyModel({ group: 'C4' });
    const few = splits.train.subarray(0, 8);
    const renormed = await finish(reestimateNorms(model, dataset, few));
    const seen = await outputs(openGates(renormed, 1), pixelsOf(few), 'block1');
    for (let f = 0; f < 2; f++) {
      const own = seen.filter((_, i) => Math.floor(i / 4) % 2 === f);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      const deviation = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / own.length);
      // Opened, and unpooled, the block gives 1,000 + shift + scale · (a standardised value).
      expect(mean).toBeCloseTo(1000 + model.params['norm1.shift'].data[f], 2);
      expect(deviation).toBeCloseTo(Math.abs(model.params['norm1.scale'].data[f]), 2);
    }
  });
});

/** The model with a large shift at the given block, so that its ReLU lets everything through; unpooled. */
function openGates(model: GcnnModel, block = 2): GcnnModel {
  const name = `norm${block}.shift`;
  const { shape, data } = model.params[name];
  const blocks = model.arch.blocks.map((each, i) => (i + 1 === block ? { ...each, pool: false } : each));
  const head = { ...model.arch.head, kind: 'pooled' as const };
  const dense1 = model.params['dense1.weight'];
  const rows = blocks.at(-1)!.fields * dense1.shape[1];
  return {
    ...model,
    arch: { ...model.arch, blocks, head },
    params: {
      ...model.params,
      [name]: { shape, data: data.map((value) => value + 1000) },
      'dense1.weight': { shape: [blocks.at(-1)!.fields, dense1.shape[1]], data: dense1.data.slice(0, rows) },
    },
  };
}

const meanOf = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;

/** The model with a large bias of its hidden layer, so that its ReLU lets everything through. */
function openHidden(model: GcnnModel): GcnnModel {
  const { shape, data } = model.params['dense1.bias'];
  const bias = { shape, data: data.map((value) => value + 100) };
  return { ...model, params: { ...model.params, 'dense1.bias': bias } };
}

function pixelsOf(indices: Uint32Array, from = dataset): Float32Array {
  return normalisedTiles(from, indices, tinyModel().normalisation);
}

describeOnBackends('pruning fields', (backend) => {
  forbidLeaks();
  const methods = backend === 'webgpu' ? (['taylor'] as const) : CRITERION_IDS;
  const few = splits.train.subarray(0, 9);

  test.each(methods)('%s, with every compensation: smaller, and as equivariant', async (method) => {
    for (const compensation of FIELD_COMPENSATIONS) {
      const model = tinyModel({ group: 'C4', filters: 'steerable' });
      const choice = { method, compensation, target: { ratio: 0.5 }, seed: 1 } as const;
      const { model: smaller, kept } = await finish(pruneFields(model, dataset, few, choice, measured));
      expect(kept.map(({ length }) => length)).toEqual([1, 1]);
      expect(totalCost(smaller.arch).params).toBeLessThan(totalCost(model.arch).params);
      const errors = await equivarianceErrors(smaller, pixelsOf(few.subarray(0, 2)));
      for (const { layer, max } of errors) expect(max, layer).toBeLessThan(1e-5);
    }
  });

  test('what was chosen is a plain value that chooses the same again, without looking', async () => {
    const never = () => Promise.reject(new Error('nothing is timed here'));
    for (const compensation of FIELD_COMPENSATIONS) {
      const choice = { method: 'taylor', compensation, target: { ratio: 0.5 }, seed: 1 } as const;
      const model = tinyModel({ group: 'C4' });
      const first = await finish(pruneFields(model, dataset, few, choice, measured));
      const kept = JSON.parse(JSON.stringify(first.kept.map((each) => Array.from(each)))) as number[][];
      const looked: string[] = [];
      const again = await finish(
        pruneFields(model, dataset, few, { ...choice, target: { kept } }, never),
        (event) => {
          if (event.type === 'progress') looked.push(event.what);
        },
      );
      expect(again.kept).toEqual(first.kept);
      expect(looked.includes('activations')).toBe(compensation === 'mean');
      if (backend !== 'webgpu') expect(again.model.params).toEqual(first.model.params);
    }
  });

  test.each([[[[0]]], [[[0], []]], [[[0], [1, 1]]], [[[0], [3]]], [[[0.5], [0]]], [[[-1], [0]]]])(
    'fields %j are not this network’s, and refused',
    async (kept) => {
      const choice = { method: 'l2', compensation: 'none', target: { kept }, seed: 1 } as const;
      const pruned = finish(pruneFields(tinyModel(), dataset, few, choice, measured));
      await expect(pruned).rejects.toThrow(/of each layer, ascending, of 2, 3 fields/);
    },
  );

  test('a layer that is not there is refused', async () => {
    const choice = {
      method: 'l2',
      compensation: 'none',
      target: { ratio: 0.5 },
      seed: 1,
      blocks: [3],
    } as const;
    await expect(finish(pruneFields(tinyModel(), dataset, few, choice, measured))).rejects.toThrow(/1 to 2/);
  });
});
