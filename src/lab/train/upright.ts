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
import { mapEvents, type Stage } from '../stage/events';
import { PAINTED_CLASSES, paintedWithoutUp, paintedWithUp } from './paintedSets';
import { trainSettingsSchema } from './settings';
import { trainModel } from './train';

const TRAIN = 64;
const CHECK = 240;
const SEED = 1;
/** Painted of each set: as many to choose by as to learn from. */
const COUNT = 2 * TRAIN + CHECK;

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
  const arch: ArchSpec = { ...namedArch('tiny'), classes: PAINTED_CLASSES.length };
  const sets = [paintedWithUp(COUNT), paintedWithoutUp(COUNT)];
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
    ...{ trained: TRAIN, tiles: CHECK, classes: PAINTED_CLASSES.length, group: arch.group },
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
  const start = {
    arch,
    params: initialParams(arch, SEED),
    classes: PAINTED_CLASSES,
    normalisation,
    provenance: {},
  };
  const settings = trainSettingsSchema.parse({ epochs: 30, patience: 30, batch: 8, learningRate: 0.005 });
  const { params } = yield* trainModel(start, dataset, splits, settings, SEED);
  const logits = yield* logitsAt({ ...start, params }, dataset, test, 0);
  return accuracyOf(decide(logits, PAINTED_CLASSES.length).answers, dataset.labels.subarray(2 * TRAIN));
}
