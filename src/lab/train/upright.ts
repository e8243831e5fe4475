/**
 * Whether a symmetry is in the data: two painted sets, one whose classes differ in nothing but where up is, and one whose
 * classes are the same however they lie. A symmetric network and its plain twin learn both, from as few tiles.
 */
import type { Dataset } from '../data/dataset';
import { accuracyOf } from '../evaluate/agreement';
import { decide } from '../evaluate/decide';
import { logitsAt } from '../evaluate/rotation';
import type { ArchSpec } from '../families/gcnn/arch';
import { plainTwin } from '../families/gcnn/twin';
import { namedArch } from '../families/gcnn/zoo';
import { initialParams } from '../families/init';
import { uniform } from '../random';
import { mapEvents, type Stage } from '../stage/events';
import { trainSettingsSchema } from './settings';
import { trainModel } from './train';

const SIZE = 8;
const CLASSES = ['a', 'b', 'c', 'd'];
const TRAIN = 64;
const CHECK = 240;
const SEED = 1;
/** A share of white, added to or taken from every value at random. */
const NOISE = 0.3;

type Painter = (label: number, turns: number, x: number, y: number) => number;

/** Bright towards one side, which is the class. */
const withUp: Painter = (label, _, x, y) => [y, x, SIZE - 1 - y, SIZE - 1 - x][label] / (SIZE - 1);

/** A spot, a frame, a stripe or a corner, in any of its four positions. */
const withoutUp: Painter = (label, turns, x, y) => {
  const far = Math.max(Math.abs(2 * x - SIZE + 1), Math.abs(2 * y - SIZE + 1));
  if (label === 0) return far <= 3 ? 1 : 0;
  if (label === 1) return far >= SIZE - 3 ? 1 : 0;
  const [a, b] = turned(turns, x, y);
  if (label === 2) return a < 2 ? 1 : 0;
  return a < 4 && b < 4 ? 1 : 0;
};

function turned(turns: number, x: number, y: number): [number, number] {
  return turns === 0 ? [x, y] : turned(turns - 1, SIZE - 1 - y, x);
}

/** Accuracies on tiles that were not learned from. */
export interface Learned {
  readonly symmetric: number;
  readonly plain: number;
}

export interface UprightCheck {
  readonly trained: number;
  readonly tiles: number;
  readonly classes: number;
  readonly group: ArchSpec['group'];
  readonly hasUp: Learned;
  readonly hasNone: Learned;
}

export async function* uprightCheck(): Stage<UprightCheck> {
  const arch: ArchSpec = { ...namedArch('tiny'), classes: CLASSES.length };
  const sets = [withUp, withoutUp].map((paint, i) => painted(paint, i));
  const accuracies: number[] = [];
  for (const dataset of sets)
    for (const each of [arch, plainTwin(arch)]) {
      const done = accuracies.length;
      const learning = mapEvents(learned(each, dataset), () => ({
        ...{ type: 'progress' as const, what: 'training on painted tiles' },
        ...{ done, total: 4 },
      }));
      accuracies.push(yield* learning);
    }
  const [symmetricUp, plainUp, symmetric, plain] = accuracies;
  return {
    ...{ trained: TRAIN, tiles: CHECK, classes: CLASSES.length, group: arch.group },
    hasUp: { symmetric: symmetricUp, plain: plainUp },
    hasNone: { symmetric, plain },
  };
}

async function* learned(arch: ArchSpec, dataset: Dataset): Stage<number> {
  const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);
  const [train, val, test] = [
    all.subarray(0, TRAIN),
    all.subarray(TRAIN, 2 * TRAIN),
    all.subarray(2 * TRAIN),
  ];
  const splits = { seed: SEED, fractions: { train: 1, val: 1, test: 1 }, train, val, test };
  const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.3, 0.3, 0.3] };
  const start = { arch, params: initialParams(arch, SEED), classes: CLASSES, normalisation, provenance: {} };
  const settings = trainSettingsSchema.parse({ epochs: 30, patience: 30, batch: 8, learningRate: 0.005 });
  const { params } = yield* trainModel(start, dataset, splits, settings, SEED);
  const logits = yield* logitsAt({ ...start, params }, dataset, test, 0);
  return accuracyOf(decide(logits, CLASSES.length).answers, dataset.labels.subarray(2 * TRAIN));
}

/** As many tiles of each class, in turn. */
function painted(paint: Painter, seed: number): Dataset {
  const next = uniform(seed, 'painted with and without an up');
  const count = 2 * TRAIN + CHECK;
  const labels = Uint8Array.from({ length: count }, (_, tile) => tile % CLASSES.length);
  const pixels = new Uint8Array(count * SIZE * SIZE * 3);
  for (let tile = 0; tile < count; tile++) {
    const turns = Math.floor(4 * next());
    for (let p = 0; p < SIZE * SIZE; p++) {
      const value = paint(labels[tile], turns, p % SIZE, Math.floor(p / SIZE));
      const noisy = 0.25 + 0.5 * value + NOISE * (2 * next() - 1);
      pixels.fill(
        Math.round(255 * Math.max(0, Math.min(1, noisy))),
        3 * (tile * SIZE * SIZE + p),
        3 * (tile * SIZE * SIZE + p + 1),
      );
    }
  }
  return {
    ...{ name: 'painted', title: 'painted', synthetic: true, classes: CLASSES, size: SIZE, channels: 3 },
    ...{ count, pixels, labels, keys: Array.from({ length: count }, (_, i) => `${i}`) },
  };
}
