import { describe, expect, test } from 'vitest';
import { BadInput } from '../errors';
import { layerCosts, totalCost } from '../evaluate/cost';
import { rotationCheck } from '../evaluate/rotation';
import type { ArchSpec } from '../families/gcnn/arch';
import { blockLayouts } from '../families/gcnn/layout';
import type { GcnnModel } from '../families/gcnn/model';
import { openNetwork } from '../families/gcnn/network';
import { namedArch } from '../families/gcnn/zoo';
import { paramShapes } from '../families/layout';
import { decodeModel, encodeModel } from '../files/modelFile';
import { decodeSafetensors } from '../files/safetensors';
import type { Int8 } from '../nn/arch';
import { integerProduct, openInt8Product, openOnDevice } from '../nn/ops/int8Product';
import { quantiseMatrix } from '../nn/ops/levels';
import { growingStudy } from '../prune/neurons/growingStudy';
import { openStudy } from '../prune/neurons/study';
import * as tf from '../runtime/tf';
import { finish } from '../stage/events';
import { expandGrid } from '../symmetry/filters';
import { GROUPS, type GroupName } from '../symmetry/group';
import { turnSource } from '../symmetry/turn';
import { describeOnBackends, forbidLeaks } from '../testing/backends';
import { noise, relativeToRange, tinyDataset, tinyModel, tinySplits } from '../testing/tiny';
import { quantiseArch, quantiseModel } from './quantise';

const TURNING: GroupName[] = ['C2', 'C4', 'D4'];
const FILTERS = ['grid', 'steerable'] as const;
const ALL: Int8 = { layers: 'all', range: 'batch' };
const KINDS: Int8[] = [ALL, { layers: 'dense', range: 'batch' }, { layers: 'all', range: 'tile' }];

describe('a quantised network as a value', () => {
  for (const group of TURNING) {
    test.each(FILTERS)(
      `${group}, %s: the expanded integers are turned into each other exactly`,
      (filters) => {
        const model = quantiseModel(tinyModel({ group, filters, kernel: 5 }), ALL);
        const { order, elements, multiply, inverse } = GROUPS[group];
        for (const { index, filter } of blockLayouts(model.arch)) {
          const { kernel, fieldsIn, sizeIn, fieldsOut } = filter;
          const bank = expandGrid(model.int8![`conv${index}.weight`].data, filter);
          expect(bank).toBeInstanceOf(Int8Array);
          expect(new Set(bank).size).toBeGreaterThan(20);
          const at = (p: number, fin: number, h: number, fout: number, g: number) =>
            bank[((p * fieldsIn + fin) * sizeIn + h) * fieldsOut * order + fout * order + g];
          // k·bank[(f′, k⁻¹h), (f, g)] = bank[(f′, h), (f, kg)] for every element k.
          for (let k = 0; k < order; k++) {
            const source = turnSource(kernel, elements[k]);
            for (let p = 0; p < kernel ** 2; p++) {
              for (let fin = 0; fin < fieldsIn; fin++) {
                for (let h = 0; h < sizeIn; h++) {
                  const from = sizeIn === 1 ? 0 : multiply[inverse[k]][h];
                  for (let fout = 0; fout < fieldsOut; fout++) {
                    for (let g = 0; g < order; g++) {
                      expect(at(p, fin, h, fout, multiply[k][g])).toBe(at(source[p], fin, from, fout, g));
                    }
                  }
                }
              }
            }
          }
        }
      },
    );
  }

  test.each(KINDS)('%j: is saved and read bit for bit, and costs the bytes stored', (int8) => {
    for (const head of ['flat', 'orbit', 'pooled'] as const) {
      const float = tinyModel({ head, filters: 'steerable' });
      const model = quantiseModel(float, int8);
      const bytes = encodeModel(model);
      expect(decodeModel(bytes)).toEqual(model);
      const { tensors } = decodeSafetensors(bytes);
      expect(Object.keys(tensors).sort()).toEqual([...paramShapes(model.arch).keys()].sort());
      const stored = Object.values(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
      expect(totalCost(model.arch).bytes).toBe(stored);
      expect(stored).toBeLessThan(totalCost(float.arch).bytes);
      expect(model.provenance.quantised).toEqual(int8);
      expect(layerCosts(model.arch).some(({ name }) => name === 'norm1')).toBe(int8.layers === 'dense');
      expect(totalCost(model.arch).macs).toBe(totalCost(float.arch).macs);
    }
  });

  test('the paper network: a byte for each dense weight, and 9 grid values for 6 functions', () => {
    const paper = namedArch('paper');
    const bytes = (arch: ArchSpec, layer: string) =>
      layerCosts(arch).find(({ name }) => name === layer)!.bytes;
    const dense = quantiseArch(paper, { layers: 'dense', range: 'batch' });
    expect(totalCost(dense).params).toBe(532_066);
    expect(bytes(dense, 'dense1')).toBe(4096 * 128 + 4 * (128 + 1));
    expect(bytes(dense, 'conv1')).toBe(bytes(paper, 'conv1'));
    const all = quantiseArch(paper, ALL);
    expect([paper.filters, all.filters]).toEqual(['steerable', 'grid']);
    expect(bytes(paper, 'conv2')).toBe(4 * (6 * 8 * 8 * 16 + 16));
    expect(bytes(all, 'conv2')).toBe(9 * 8 * 8 * 16 + 4 * (16 + 16));
  });

  test('whose tensors do not hold what its architecture says is refused', () => {
    const model = quantiseModel(tinyModel(), ALL);
    const { int8: _, ...floatArch } = model.arch;
    expect(() => decodeModel(encodeModel({ ...model, arch: floatArch }))).toThrow(/float tensor/);
    expect(() => decodeModel(encodeModel({ ...model, int8: {} }))).toThrow(/int8 tensor/);
  });

  test('can be evaluated but neither pruned nor quantised again', async () => {
    const model = quantiseModel(tinyModel(), ALL);
    const dataset = tinyDataset();
    const splits = tinySplits(dataset);
    await expect(finish(openStudy(model, dataset, splits))).rejects.toThrow(BadInput);
    expect(() => growingStudy(model, dataset, splits)).toThrow(BadInput);
    expect(() => quantiseModel(model, ALL)).toThrow(/quantise last/);
  });
});

async function logitsOf(model: GcnnModel, tiles: Float32Array): Promise<Float32Array> {
  const network = openNetwork(model);
  const logits = tf.tidy(() =>
    network.logits(network.hidden(network.features(tf.tensor4d(tiles, [tiles.length / 192, 8, 8, 3])))),
  );
  const values = Float32Array.from(await logits.data());
  logits.dispose();
  network.dispose();
  return values;
}

describeOnBackends('a quantised network', (backend) => {
  forbidLeaks();
  const groups = backend === 'webgpu' ? (['C4'] as const) : TURNING;
  const kinds = backend === 'webgpu' ? [ALL] : KINDS;
  const dataset = tinyDataset();
  const everyTile = Uint32Array.from(dataset.labels, (_, i) => i);

  for (const group of groups) {
    test.each(kinds)(`${group}, orbit head, %j: the same answer at every turn`, async (int8) => {
      for (const filters of FILTERS) {
        const model = quantiseModel(tinyModel({ group, filters, head: 'orbit' }), int8);
        const check = await finish(rotationCheck(model, dataset, everyTile, [0]));
        // Agreement is asked at quarter turns, of which C2 promises only the half turn.
        if (group !== 'C2') expect(check.agreement).toBe(1);
        expect(check.undecided).toBeLessThan(everyTile.length / 4);
        const trunk = check.equivarianceError.filter(({ layer }) => /^block|pooling/.test(layer));
        expect(trunk).toHaveLength(3);
        for (const { layer, max } of trunk) expect(max, layer).toBeLessThan(1e-5);
        // A feature at the edge of a level may fall to either side of it when turned: a small part of one step of 127.
        expect(check.equivarianceError.at(-1)!.max).toBeLessThan(0.01);
      }
    });
  }

  test('comes near the network it was made from', async () => {
    const tiles = noise(16 * 192, 3);
    for (const filters of FILTERS) {
      const float = tinyModel({ filters });
      const expected = await logitsOf(float, tiles);
      for (const int8 of kinds) {
        const found = await logitsOf(quantiseModel(float, int8), tiles);
        expect(relativeToRange(found, expected), JSON.stringify(int8)).toBeLessThan(0.1);
        expect(found).not.toEqual(expected);
      }
    }
  });

  test('a plain network (C1) can be quantised too', async () => {
    const float = tinyModel({ group: 'C1', head: 'pooled' });
    const tiles = noise(4 * 192, 3);
    const found = await logitsOf(quantiseModel(float, ALL), tiles);
    expect(relativeToRange(found, await logitsOf(float, tiles))).toBeLessThan(0.1);
  });

  test.each(['batch', 'tile'] as const)('integers and integers held in floats agree (%s)', async (range) => {
    const [rows, inputs, outputs] = [3, 2500, 4];
    const { data, scale } = quantiseMatrix(noise(inputs * outputs, 1));
    const weight = { shape: [inputs, outputs], data };
    const x = noise(rows * inputs, 2).map((value) => Math.max(value, -0.1));
    const expected = integerProduct(x, weight, scale, range);
    for (const open of [openOnDevice, openInt8Product]) {
      const opened = open(weight, scale, range);
      const out = tf.tidy(() => opened.product(tf.tensor2d(x, [rows, inputs])));
      const found = Float32Array.from(await out.data());
      if (backend === 'webgpu') expect(relativeToRange(found, expected)).toBeLessThan(1e-3);
      else expect(relativeToRange(found, expected)).toBeLessThan(open === openInt8Product ? 1e-30 : 1e-5);
      out.dispose();
      opened.dispose();
    }
  });
});
