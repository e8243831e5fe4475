import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equivarianceErrors } from '../../evaluate/equivariance';
import type { VitModel } from '../../families/vit/model';
import { openVit } from '../../families/vit/network';
import { tileBatch } from '../../nn/batch';
import * as tf from '../../runtime/tf';
import { finish } from '../../stage/events';
import { GROUPS, type GroupName } from '../../symmetry/group';
import { describeOnBackends, forbidLeaks } from '../../testing/backends';
import { noise, relativeToRange, shakenModel, tinyDataset, tinySplits, tinyVit } from '../../testing/tiny';
import { CRITERION_IDS } from '../criteria';
import { COMPENSATIONS } from '../neurons/compensate';
import { unitStatistics } from '../units/statistics';
import { compensateUnits } from './compensate';
import { extractUnits, maskUnits } from './extract';
import { pruneUnits } from './prune';
import { RANKINGS } from './rank';
import { unitStatisticsOf } from './statistics';
import { BLOCK_UNITS, type BlockUnit, unitsOf } from './units';

async function logitsOf(model: VitModel, tiles: Float32Array): Promise<Float32Array> {
  const network = openVit(model);
  const x = tf.tensor4d(tiles, [tiles.length / 192, 8, 8, 3]);
  const logits = network.logits(x);
  const values = Float32Array.from(await logits.data());
  tf.dispose([x, logits]);
  network.dispose();
  return values;
}

describeOnBackends('pruning inside the blocks of a transformer', (backend) => {
  forbidLeaks();
  const dataset = tinyDataset(4);
  const { train } = tinySplits(dataset);
  const groups: readonly GroupName[] = backend === 'webgpu' ? ['C4'] : ['C1', 'C4', 'D4'];
  const modelOf = (group: GroupName): VitModel => shakenModel(tinyVit(group));
  const tiles = noise(3 * 192, 5);

  test.each(groups)('%s: masked = extracted, whatever stays, with every compensation', async (group) => {
    const model = modelOf(group);
    const statistics = {
      mlp: await finish(unitStatisticsOf(model, 'mlp', dataset, train)),
      heads: await finish(unitStatisticsOf(model, 'heads', dataset, train)),
    };
    const chosen = (unit: BlockUnit) =>
      fc.tuple(
        ...unitsOf(model.arch, unit).map(({ count }) =>
          fc
            .subarray(
              Array.from({ length: count }, (_, i) => i),
              { minLength: 1 },
            )
            .map((each) => Uint32Array.from(each)),
        ),
      );
    const cases = fc.constantFrom(...BLOCK_UNITS).chain((unit) => fc.tuple(fc.constant(unit), chosen(unit)));
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom(...COMPENSATIONS), async ([unit, kept], compensation) => {
        const compensated = compensateUnits(model, unit, kept, compensation, statistics[unit]);
        const [masked, extracted] = [
          maskUnits(compensated, unit, kept),
          extractUnits(compensated, unit, kept),
        ];
        expect(unitsOf(extracted.arch, unit).map(({ count }) => count)).toEqual(
          kept.map(({ length }) => length),
        );
        const [a, b] = [await logitsOf(masked, tiles), await logitsOf(extracted, tiles)];
        expect(relativeToRange(b, a)).toBeLessThan(1e-5);
      }),
      { numRuns: backend === 'webgpu' ? 2 : 12 },
    );
  });

  test.each(groups)('%s: what is left of it is as equivariant, by every criterion', async (group) => {
    const model = modelOf(group);
    for (const unit of BLOCK_UNITS) {
      const statistics = await finish(unitStatisticsOf(model, unit, dataset, train));
      for (const [i, method] of (backend === 'webgpu' ? (['variance'] as const) : CRITERION_IDS).entries()) {
        const [ranking, compensation] = [RANKINGS[i % 2], COMPENSATIONS[i % 3]];
        const choice = { unit, method, ranking, compensation, ratio: 0.4, seed: 1 };
        const { model: smaller } = pruneUnits(model, choice, statistics);
        if (group === 'C1') continue;
        for (const { layer, max } of await equivarianceErrors(smaller, tiles))
          expect(max, `${method} ${layer}`).toBeLessThan(1e-5);
      }
    }
  });

  test.each(groups)(
    '%s: the statistics are those of what the next map reads, by their definitions',
    async (group) => {
      const model = modelOf(group);
      const { order } = GROUPS[group];
      for (const unit of BLOCK_UNITS) {
        const statistics = await finish(unitStatisticsOf(model, unit, dataset, train));
        const read = await valuesRead(model, unit);
        for (const { block, count, fields } of unitsOf(model.arch, unit)) {
          const width = count * fields * order;
          // Welford's, of every channel, then of all orientations together.
          const perChannel = unitStatistics(read[block], width);
          const { mean, covariance, ranking } = statistics[block];
          mean.forEach((value, f) => {
            const own = perChannel.mean.subarray(f * order, (f + 1) * order);
            expect(value).toBeCloseTo(own.reduce((a, b) => a + b) / order, 5);
          });
          for (let u = 0; u < count; u++) {
            let variance = 0;
            for (let f = u * fields; f < (u + 1) * fields; f++) {
              for (let c = f * order; c < (f + 1) * order; c++)
                variance += (perChannel.variance[c] + (perChannel.mean[c] - mean[f]) ** 2) / order;
            }
            expect(ranking.variance[u]).toBeCloseTo(variance, 5);
          }
          const trace = mean.map((_, f) => {
            let sum = 0;
            for (let c = f * order; c < (f + 1) * order; c++) sum += covariance[c * width + c] / order;
            return sum;
          });
          for (let u = 0; u < count; u++) {
            const sum = trace.subarray(u * fields, (u + 1) * fields).reduce((a, b) => a + b);
            expect(sum).toBeCloseTo(ranking.variance[u], 5);
          }
        }
      }
    },
  );

  /** What the maps behind the units read, for all training tiles: rows of tokens, block by block. */
  async function valuesRead(model: VitModel, unit: BlockUnit): Promise<Float32Array[]> {
    const network = openVit(model);
    const seen: tf.Tensor[] = [];
    tf.tidy(() => {
      const keep = (_: number, value: tf.Tensor2D) => {
        seen.push(tf.keep(tf.clone(value)));
        return value;
      };
      const x = tileBatch(dataset, train, model.normalisation);
      network.run(x, unit === 'mlp' ? { hidden: keep } : { mixed: keep });
    });
    const values = await Promise.all(seen.map(async (each) => Float32Array.from(await each.data())));
    tf.dispose(seen);
    network.dispose();
    return values;
  }

  test('a unit that always says the same goes at no loss with its mean; with a ridge, a copy of another', async () => {
    const model = modelOf('C4');
    // Neuron 2 of the first block reads nothing, and neuron 4 is a copy of neuron 1.
    const changed = (name: string, change: (data: Float32Array, outputs: number) => void) => {
      const { shape, data } = model.params[name];
      const copy = data.slice();
      change(copy, shape.at(-1)!);
      return { [name]: { shape, data: copy } };
    };
    const copied = (data: Float32Array, outputs: number) => {
      for (let i = 0; i < data.length; i += outputs) data[i + 4] = data[i + 1];
    };
    const special: VitModel = {
      ...model,
      params: {
        ...model.params,
        ...changed('block1.fc1.weight', (data, outputs) => {
          copied(data, outputs);
          for (let i = 0; i < data.length; i += outputs) data[i + 2] = 0;
        }),
        ...changed('block1.fc1.bias', copied),
      },
    };
    const statistics = await finish(unitStatisticsOf(special, 'mlp', dataset, train));
    const { variance } = statistics[0].ranking;
    expect(variance[2]).toBeLessThan(1e-6 * Math.max(...variance));
    const before = await logitsOf(special, tiles);
    const after = async (kept: number[], compensation: 'mean' | 'ridge' | 'none') => {
      const all = [Uint32Array.from(kept), Uint32Array.from([0, 1, 2, 3, 4])];
      const compensated = compensateUnits(special, 'mlp', all, compensation, statistics);
      return relativeToRange(await logitsOf(extractUnits(compensated, 'mlp', all), tiles), before);
    };
    expect(await after([0, 1, 3, 4, 5], 'mean')).toBeLessThan(1e-5);
    expect(await after([0, 1, 3, 4, 5], 'none')).toBeGreaterThan(1e-4);
    expect(await after([0, 1, 2, 3, 5], 'ridge')).toBeLessThan(0.2 * (await after([0, 1, 2, 3, 5], 'mean')));
  });

  test.each(groups)(
    '%s: what a map makes of what is left is nearer with the mean, and nearest with a ridge',
    async (group) => {
      const model = modelOf(group);
      for (const unit of BLOCK_UNITS) {
        const statistics = await finish(unitStatisticsOf(model, unit, dataset, train));
        const [read] = await valuesRead(model, unit);
        const [first] = unitsOf(model.arch, unit);
        const kept = unitsOf(model.arch, unit).map(({ count }) =>
          Uint32Array.from({ length: Math.ceil(count / 2) }, (_, i) => i),
        );
        const whole = mapped(model, first.outOf, read);
        const [none, mean, ridge] = COMPENSATIONS.map((compensation) => {
          const compensated = compensateUnits(model, unit, kept, compensation, statistics);
          const silent = mapped(maskUnits(compensated, unit, kept), first.outOf, read);
          return whole.reduce((sum, value, i) => sum + (value - silent[i]) ** 2, 0);
        });
        expect(mean).toBeLessThan(none);
        expect(ridge).toBeLessThan(mean * (1 + 1e-6));
      }
    },
  );

  /** Rows through a map, by its definition: out[f, g] = b[f] + Σ W[f′, g⁻¹h, f] x[f′, h]. */
  function mapped({ arch, params }: VitModel, layer: string, rows: Float32Array): Float64Array {
    const { order, multiply, inverse } = GROUPS[arch.group];
    const { data, shape } = params[`${layer}.weight`];
    const [inputs, , outputs] = shape;
    const bias = params[`${layer}.bias`].data;
    const count = rows.length / (inputs * order);
    const out = new Float64Array(count * outputs * order);
    for (let row = 0, at = 0; row < count; row++) {
      for (let f = 0; f < outputs; f++) {
        for (let g = 0; g < order; g++, at++) {
          out[at] = bias[f];
          for (let i = 0; i < inputs; i++) {
            for (let h = 0; h < order; h++) {
              const slice = multiply[inverse[g]][h];
              out[at] += data[(i * order + slice) * outputs + f] * rows[(row * inputs + i) * order + h];
            }
          }
        }
      }
    }
    return out;
  }

  test('Taylor’s saliency is what the loss changes by when a unit fades a little', async () => {
    const model = modelOf('C1');
    const one = train.subarray(0, 1);
    const [first] = await finish(unitStatisticsOf(model, 'heads', dataset, one));
    const lossWith = async (factor: number): Promise<number> => {
      const { shape, data } = model.params['block1.proj.weight'];
      const half = data.length / 2;
      const faded = data.map((value, i) => (i < half ? factor * value : value));
      const params = { ...model.params, 'block1.proj.weight': { shape, data: faded } };
      const network = openVit({ ...model, params });
      const logits = tf.tidy(() => network.logits(tileBatch(dataset, one, model.normalisation)));
      const values = Array.from(await logits.data());
      logits.dispose();
      network.dispose();
      return (
        Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0)) - values[dataset.labels[one[0]]]
      );
    };
    const slope = ((await lossWith(1.05)) - (await lossWith(0.95))) / 0.1;
    expect(first.ranking.taylor[0]).toBeCloseTo(Math.abs(slope), 3);
  });
});
