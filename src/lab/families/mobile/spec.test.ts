import { expect, test } from 'vitest';
import { layerCosts, totalCost } from '../../evaluate/cost';
import { sizeOf } from '../../nn/model';
import { quantiseArch } from '../../quantize/quantise';
import { anyNamedArch } from '../anyArch';
import { paramShapes } from '../layout';
import { mobileBlocks, mobileLayers } from './layout';
import { COMPARATOR_IDS, namedComparator } from './spec';

/** As published: torchvision's `mobilenet_v2` and timm's `efficientnet_lite0`, 1000 classes at 224 × 224. */
const PUBLISHED = [
  { id: 'mobilenet-v2', params: 3_504_872, convolutions: 52, megaMacs: 300.8 },
  { id: 'efficientnet-lite0', params: 4_652_008, convolutions: 49, megaMacs: 385.2 },
];

test.each(PUBLISHED)(
  '$id has the published number of parameters',
  ({ id, params, convolutions, megaMacs }) => {
    const spec = namedComparator(id, { size: 224, classes: 1000 });
    const cost = totalCost(spec);
    expect(cost.params).toBe(params);
    expect(mobileLayers(spec)).toHaveLength(convolutions);
    expect(cost.macs / 1e6).toBeCloseTo(megaMacs, 1);
    const layers = layerCosts(spec);
    expect(layers.reduce((sum, layer) => sum + layer.params, 0)).toBe(params);
    // Ten classes for a thousand change the dense layer alone; the input size changes no parameter.
    expect(totalCost(namedComparator(id)).params).toBe(params - 990 * 1281);
  },
);

test('up to 64 × 64 the stem keeps the resolution, and only the stem', () => {
  for (const id of COMPARATOR_IDS) {
    const [small, large] = [namedComparator(id), namedComparator(id, { size: 224 })];
    expect(small.stem.stride).toBe(1);
    expect(large.stem.stride).toBe(2);
    expect(small.stages).toEqual(large.stages);
    expect(mobileLayers(small).at(-1)!.sizeOut).toBe(2);
    expect(mobileLayers(large).at(-1)!.sizeOut).toBe(7);
  }
});

test('a block adds its input where, and only where, shapes are kept', () => {
  for (const id of COMPARATOR_IDS) {
    let [size, channels] = [32, 3];
    let residuals = 0;
    for (const { name, layers, residual } of mobileBlocks(namedComparator(id))) {
      const last = layers.at(-1)!;
      const kept = last.sizeOut === size && last.channelsOut === channels;
      expect(residual, name).toBe(kept);
      if (name.startsWith('block')) {
        expect(layers.filter(({ kind }) => kind === 'depthwise')).toHaveLength(1);
        expect(layers.map(({ active }) => active)).toEqual(layers.map((layer) => layer !== last));
      }
      for (let i = 1; i < layers.length; i++) expect(layers[i].channelsIn).toBe(layers[i - 1].channelsOut);
      [size, channels] = [last.sizeOut, last.channelsOut];
      residuals += Number(residual);
    }
    expect(residuals).toBe(id === 'mobilenet-v2' ? 10 : 9);
  }
});

test('int8 bytes are counted from what is stored: a byte per weight, four per scale and bias', () => {
  for (const id of COMPARATOR_IDS) {
    const spec = quantiseArch(namedComparator(id), { layers: 'all', range: 'batch' });
    const bytes = [...paramShapes(spec)].reduce(
      (sum, [name, shape]) => sum + sizeOf(shape) * (name.endsWith('.weight') ? 1 : 4),
      0,
    );
    expect(totalCost(spec).bytes).toBe(bytes);
    expect([...paramShapes(spec).keys()].some((name) => name.startsWith('norm'))).toBe(false);
  }
});

test('a name or a choice that a comparator does not have is refused in words', () => {
  expect(() => namedComparator('mobilenet-v9')).toThrow(/Choose one of: mobilenet-v2, efficientnet-lite0/);
  expect(() => anyNamedArch('mobilenet-v2', { hidden: 90 })).toThrow(/comparator.*no hidden to choose/);
  expect(() => anyNamedArch('mobilenet-v2', { group: 'C4' })).toThrow(/comparator.*no group to choose/);
  expect(() => namedComparator('mobilenet-v2', { size: 2 })).toThrow(/cannot have that input\.size/);
  expect(() => anyNamedArch('nonsense')).toThrow(/base-small, tiny, mobilenet-v2, efficientnet-lite0/);
});
