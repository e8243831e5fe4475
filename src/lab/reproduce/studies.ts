/**
 * The recipes behind the tables. `full` is the paper's setting (science §4); `small` is one for two cores and half an
 * hour: fewer tiles and epochs, and a learning rate per network, chosen on validation tiles of the EuroSAT subset. `whole`
 * has all tiles, and the learning rates of `small`: what the networks can do where the printed rate keeps them from it.
 */
import type { Int8 } from '../nn/arch';
import { checkRecipe } from '../recipe/schema';
import type { Scale } from './report';
import { type DataName, type TableRun, testStage } from './table';

/** The networks of the tables: a design of the zoo, and its learning rate where the set is small. */
const NETWORKS = {
  /** The parameter count the paper prints: D4, flat head, 532,066. */
  paper: { arch: { id: 'paper' }, learningRate: 0.001 },
  /** The lab's: C4 as the paper's title rows say, and a head that is exactly invariant. */
  c4: { arch: { id: 'c4' }, learningRate: 0.001 },
  /** The same with mirrors: what the paper's parameter count says, with the lab's head. */
  d4: { arch: { id: 'c4', group: 'D4' }, learningRate: 0.001 },
  /** The plain CNN nearest to the paper's 0.50 MB of which nothing else is known: six convolutions, 0.33 MB. */
  cnn: { arch: { id: 'base-small' }, learningRate: 0.003 },
  /** Its twin: the same channels, multiply-adds and kind of head, with group convolutions. */
  twin: { arch: { id: 'c4-twin-small', head: 'pooled' }, learningRate: 0.003 },
  /** For studies of many networks: the same as `c4` and `twin` at 32×32, with the lab's head; and four 5×5 kernels. */
  'c4-small': { arch: { id: 'c4-small' }, learningRate: 0.001 },
  'twin-orbit': { arch: { id: 'c4-twin-small' }, learningRate: 0.003 },
  deep: { arch: { id: 'c4-deep' }, learningRate: 0.001 },
  /** Heavy: two cores train about twenty tiles a second. Their learning rate was not searched for. */
  'mobilenet-v2': { arch: { id: 'mobilenet-v2' }, learningRate: 0.003, heavy: true },
  'efficientnet-lite0': { arch: { id: 'efficientnet-lite0' }, learningRate: 0.003, heavy: true },
} as const;
export type NetworkName = keyof typeof NETWORKS;
export type ComparatorName = 'mobilenet-v2' | 'efficientnet-lite0';

/** Fewer of the heavy ones. */
const EPOCHS = { small: { light: 6, heavy: 2 }, whole: { light: 20, heavy: 5 } } as const;

const TILE_SIZE: Readonly<Record<DataName, number>> = { eurosat: 64, cifar10: 32, 'rotated-mnist': 32 };

/**
 * Small: the EuroSAT subset whole, 2,000 training and 1,000 test tiles of the others. Whole and full: the paper's 70/10/20; an
 * official test part stays what it is, and training and validation share the rest.
 */
export function split(scale: Scale, data: DataName) {
  if (scale !== 'small') return { train: 0.7, val: 0.1, test: 0.2 };
  if (data === 'eurosat') return { train: 0.6, val: 0.2, test: 0.2 };
  return { train: 0.6, val: 0.15, test: 0.25, limit: { train: 2000, val: 500, test: 1000 } };
}

function training(scale: Scale, network: NetworkName) {
  if (scale === 'full') return { epochs: 50, batch: 128, learningRate: 0.01 };
  const { learningRate, ...design } = NETWORKS[network];
  const epochs = EPOCHS[scale]['heavy' in design ? 'heavy' : 'light'];
  return { epochs, batch: 32, decay: 'linear', learningRate };
}

/** A run of one network on one data set, by default at the size of its tiles; what follows training is up to the table. */
export function studyOf(
  data: DataName,
  network: NetworkName,
  scale: Scale,
  after: readonly object[],
  size = TILE_SIZE[data],
): TableRun {
  const id = `${data}-${network}`;
  return {
    id,
    data,
    recipe: checkRecipe({
      version: 2,
      name: id,
      arch: { ...NETWORKS[network].arch, size },
      split: split(scale, data),
      stages: [{ kind: 'train', settings: training(scale, network) }, testing('train'), ...after],
    }),
  };
}

/** Tests a stage's network on test tiles at the four turns, keeping its answers. */
export const testing = (from: string) => ({
  kind: 'check',
  name: testStage(from),
  part: 'test',
  from,
  answers: true,
});

/** Prunes by L2 norm, without compensation, and fine-tunes adaptively: the paper's way. Small: with a frozen trunk. */
export function pruning(scale: Scale, ratios: readonly number[], cascades?: readonly string[]) {
  const finetune = { scope: scale === 'small' ? 'head' : 'network' };
  const neurons = { ratios, methods: ['l2'], compensations: ['none'], cascades, finetune };
  return { kind: 'sweep', from: 'train', neurons };
}

/** A student of the paper's distilled size. */
export const distilling = (scale: Scale, network: NetworkName) => ({
  kind: 'distil',
  from: 'train',
  student: { hidden: 90 },
  settings: training(scale, network),
});

/** In 8-bit integers the dense layers, as PyTorch's dynamic quantisation has them (ranges per batch), or all; and their test. */
export const quantising = (from: string, layers: Int8['layers'] = 'dense') => [
  { kind: 'quantise', name: quantised(from, layers), from, layers, range: 'batch' },
  testing(quantised(from, layers)),
];

/** What `quantising` calls its stage. */
export const quantised = (from: string, layers: Int8['layers'] = 'dense'): string =>
  `quantise ${layers} per batch of ${from}`;
