/** Small things for tests: architectures of a few fields, models with arbitrary parameters, datasets of noise. */

import type { Dataset, Splits } from '../data/dataset';
import { stratifiedSplit } from '../data/split/splits';
import type { ArchSpec, HeadKind } from '../families/gcnn/arch';
import type { GcnnModel } from '../families/gcnn/model';
import type { ImportedSpec } from '../families/imported/spec';
import { initialParams } from '../families/init';
import type { MobileSpec } from '../families/mobile/spec';
import type { VitSpec } from '../families/vit/spec';
import type { AnyArch } from '../nn/arch';
import type { Model, Param } from '../nn/model';
import { uniform } from '../random';
import type { GroupName } from '../symmetry/group';

export interface TinyOptions {
  readonly group?: GroupName;
  readonly filters?: ArchSpec['filters'];
  readonly head?: HeadKind;
  readonly hidden?: number;
  readonly size?: number;
  readonly kernel?: 1 | 3 | 5;
  readonly seed?: number;
  readonly dropout?: number;
}

export function tinyArch(options: TinyOptions = {}): ArchSpec {
  const {
    group = 'C4',
    filters = 'grid',
    head = 'orbit',
    hidden = 6,
    size = 8,
    kernel = 3,
    dropout = 0,
  } = options;
  return {
    id: 'tiny',
    group,
    filters,
    input: { size, channels: 3 },
    blocks: [
      { fields: 2, kernel, pool: true },
      { fields: 3, kernel, pool: false },
    ],
    head: { kind: head, hidden, dropout },
    classes: 3,
  };
}

/** A model whose biases and norms are arbitrary too, so that nothing holds only because something is zero. */
export function tinyModel(options: TinyOptions = {}): GcnnModel {
  return shakenModel(tinyArch(options), options.seed);
}

/** The same of any architecture of three classes. */
export function shakenModel<Arch extends AnyArch>(arch: Arch, seed = 1): Model<Arch> {
  const params: Record<string, Param> = {};
  for (const [name, { shape, data }] of Object.entries(initialParams(arch, seed))) {
    const next = uniform(seed, 'tiny', name);
    const positive = name.endsWith('variance');
    const isWeight = shape.length > 1;
    const shaken = isWeight ? data : data.map((value) => value + (positive ? next() : next() - 0.5) * 0.6);
    params[name] = { shape, data: shaken };
  }
  return {
    arch,
    params,
    classes: ['a', 'b', 'c'],
    normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    provenance: {},
  };
}

/** From elsewhere: a stem with a stride, a maximum pool, a residual block, a depthwise convolution, two dense layers. */
export const TINY_IMPORTED: ImportedSpec = {
  family: 'imported',
  id: 'tiny-from-elsewhere',
  group: 'C1',
  input: { size: 8, channels: 3 },
  layers: [
    { op: 'convolution', name: 'stem', from: 'picture', outputs: 6, ...window(3, 1, 1), groups: 1 },
    { op: 'relu', name: 'stem.relu', from: 'stem' },
    { op: 'maximum pool', name: 'stem.pool', from: 'stem.relu', ...window(3, 2, 1) },
    { op: 'convolution', name: 'block.1', from: 'stem.pool', outputs: 5, ...window(3, 1, 1), groups: 1 },
    { op: 'relu6', name: 'block.1.relu', from: 'block.1' },
    { op: 'convolution', name: 'block.2', from: 'block.1.relu', outputs: 6, ...window(1, 1, 0), groups: 1 },
    { op: 'sum', name: 'block', from: 'block.2', and: 'stem.pool' },
    { op: 'scale', name: 'block.norm', from: 'block' },
    { op: 'relu', name: 'block.relu', from: 'block.norm' },
    { op: 'convolution', name: 'deep', from: 'block.relu', outputs: 6, ...window(3, 2, 1), groups: 6 },
    { op: 'convolution', name: 'beside', from: 'deep', outputs: 4, ...window(3, 2, 1), groups: 1 },
    { op: 'average pool', name: 'beside.pool', from: 'beside', kernel: 1, stride: 1 },
    { op: 'flatten', name: 'flat', from: 'beside.pool' },
    { op: 'dense', name: 'hidden', from: 'flat', outputs: 7 },
    { op: 'relu', name: 'hidden.relu', from: 'hidden' },
    { op: 'dense', name: 'say', from: 'hidden.relu', outputs: 3 },
  ],
  classes: 3,
};

/** A comparator of two stages: with and without expansion, a stride, a 5×5 kernel, a residual block. */
export const TINY_MOBILE: MobileSpec = {
  family: 'mobile',
  id: 'mobilenet-v2',
  group: 'C1',
  input: { size: 8, channels: 3 },
  stem: { channels: 4, stride: 1 },
  stages: [
    { expansion: 1, channels: 4, repeats: 1, stride: 1, kernel: 3 },
    { expansion: 2, channels: 6, repeats: 2, stride: 2, kernel: 5 },
  ],
  features: 12,
  dropout: 0,
  classes: 3,
};

/** A transformer of two blocks that differ, on a grid of 2×2 patches. */
export function tinyVit(group: GroupName = 'C1', size = 8): VitSpec {
  return {
    family: 'vit',
    id: 'vit-small',
    group,
    input: { size, channels: 3 },
    patch: 4,
    fields: 4,
    headFields: 2,
    blocks: [
      { heads: 2, hidden: 6 },
      { heads: 1, hidden: 5 },
    ],
    dropout: 0,
    classes: 3,
  };
}

/** A plain transformer whose channels make fields of every group. */
export function wideVit(size = 8): VitSpec {
  const blocks = [
    { heads: 2, hidden: 16 },
    { heads: 1, hidden: 8 },
  ];
  return { ...tinyVit('C1', size), fields: 16, headFields: 8, blocks };
}

/** Noise with values in −1 … 1: `count` numbers named by `seed`. */
export function noise(count: number, seed: number): Float32Array {
  const next = uniform(seed, 'noise');
  return Float32Array.from({ length: count }, () => 2 * next() - 1);
}

/** Three learnable classes: noise around a class brightness, with a bright corner that breaks symmetry. */
export function tinyDataset(perClass = 12, size = 8): Dataset {
  const classes = ['a', 'b', 'c'];
  const count = perClass * classes.length;
  const next = uniform(7, 'tiny dataset');
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes.length);
  const pixels = new Uint8Array(count * size * size * 3);
  for (let i = 0; i < pixels.length; i++) {
    const tile = Math.floor(i / (size * size * 3));
    const position = Math.floor(i / 3) % (size * size);
    const corner = position < size && position % size < 3 ? 60 : 0;
    pixels[i] = Math.floor(40 + 50 * labels[tile] + corner + 60 * next());
  }
  return {
    name: 'tiny',
    title: 'tiny noise',
    synthetic: true,
    classes,
    size,
    channels: 3,
    count,
    pixels,
    labels,
    keys: Array.from({ length: count }, (_, i) => `${classes[i % 3]}/${i}`),
  };
}

export function tinySplits(dataset: Dataset): Splits {
  return stratifiedSplit(dataset, { train: 0.6, val: 0.2, test: 0.2 }, 1);
}

/** max |a − b| / (max b − min b). */
export function relativeToRange(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    low = Math.min(low, b[i]);
    high = Math.max(high, b[i]);
  }
  return difference / (high - low);
}

function window(kernel: number, stride: number, padding: number) {
  return { kernel, stride, padding };
}
