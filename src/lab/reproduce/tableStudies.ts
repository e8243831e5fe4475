/**
 * Two tables that are no table of a paper, but studies of what papers say of pruning inside a network: `vbp` removes hidden
 * neurons (arXiv 2507.12988), `trunk` fields and spatial orbits of the equivariant convolutions (the sequel, science §1).
 */

import { CRITERION_IDS } from '../prune/criteria';
import { FIELD_COMPENSATIONS } from '../prune/fields/choice';
import { COMPENSATIONS } from '../prune/neurons/compensate';
import { type StudyCell, studyName, type Tuning } from '../recipe/studyPlan';
import type { Question } from './questions';
import type { Scale } from './report';
import { studyOf } from './studies';
import type { DataName, TableDefinition, TableRow, TableRun, TableSection } from './table';

const RATIOS = [0.3, 0.5, 0.7, 0.9];
const TITLES: Readonly<Record<string, string>> = { eurosat: 'EuroSAT', cifar10: 'CIFAR-10' };

/** As VBP fine-tunes: ten epochs at most, taught by the unpruned network too. */
const TAUGHT = { epochs: 10, distil: {} };

/** The head where more than two points were lost. */
const head = { scope: 'head', ...TAUGHT };

/** The whole network until it is as good as it was; where the set is small, in the batches it was trained in. */
const network = (scale: Scale) => ({
  ratios: [0.5, 0.9],
  ways: WAYS,
  settings: {
    scope: 'network',
    tolerance: 0,
    excellent: 0,
    ...TAUGHT,
    ...(scale !== 'full' && { batch: 32 }),
  },
});

/** The plain way, and VBP's. */
const WAYS = [
  { method: 'l2', compensation: 'none' },
  { method: 'variance', compensation: 'mean' },
] as const;

/** The fewer and smaller tiles keep a study of seventy networks within minutes. */
const SIZE = { small: 32, whole: undefined, full: undefined } as const;

const neurons = (data: DataName, scale: Scale): TableRun =>
  studyOf(
    data,
    'c4-small',
    scale,
    [
      {
        kind: 'study',
        from: 'train',
        ratios: RATIOS,
        neurons: { methods: CRITERION_IDS, compensations: COMPENSATIONS },
        head,
        network: network(scale),
      },
    ],
    SIZE[scale],
  );

/** The layer in the middle of the six. */
const BROKEN_LAYER = 3;

const fields = (data: DataName, scale: Scale): TableRun =>
  studyOf(
    data,
    'twin-orbit',
    scale,
    [
      {
        kind: 'study',
        from: 'train',
        ratios: RATIOS,
        fields: { methods: CRITERION_IDS, compensations: FIELD_COMPENSATIONS },
        head,
        network: network(scale),
      },
      {
        kind: 'study',
        from: 'train',
        ratios: [0.5],
        channels: { methods: ['l2', 'variance', 'random'], layer: BROKEN_LAYER },
        head: null,
        network: null,
      },
    ],
    SIZE[scale],
  );

const kernels = (data: DataName, scale: Scale): TableRun =>
  studyOf(
    data,
    'deep',
    scale,
    [
      {
        kind: 'study',
        from: 'train',
        ratios: RATIOS,
        orbits: { methods: ['l2'], ring: true },
        head,
        network: null,
      },
    ],
    SIZE[scale],
  );

/** What is asked of a row alone: the symmetry. The questions are asked of the study as a whole. */
function row(id: string, label: string, run: string, stage: string): TableRow {
  return { id, label, run, stage, claims: [{ kind: 'invariant' }], paper: null, reference: null };
}

const LABELS: Readonly<Record<Tuning, string>> = {
  none: 'at once',
  head: 'head fine-tuned',
  network: 'network fine-tuned',
};

/** Rows of the ways that are fine-tuned wholly, at 50 and 90 %. */
function wayRows(run: string, units: 'neurons' | 'fields'): TableRow[] {
  return WAYS.flatMap((way) =>
    [0.5, 0.9].flatMap((ratio) =>
      (['none', 'head', 'network'] as const).map((tuned) => {
        const name = studyName({ units, ...way, ratio } as StudyCell, tuned);
        const words = `${way.method === 'l2' ? 'L2' : 'Variance, mean'}, ${100 * ratio}\u00a0%, ${LABELS[tuned]}`;
        return row(name, words, run, name);
      }),
    ),
  );
}

function ringRows(run: string): TableRow[] {
  return (['none', 'head'] as const).map((tuned) => {
    const name = studyName({ units: 'orbits', ratio: 'ring' }, tuned);
    return row(name, `Outer rings, ${LABELS[tuned]}`, run, name);
  });
}

const original = (run: string) => row('original', 'Unpruned', run, 'train');

function section(
  id: string,
  title: string,
  run: string,
  rows: readonly TableRow[],
  questions: readonly Question[],
  notes: readonly string[],
): TableSection {
  return {
    id,
    title,
    notes: [...notes, ...NOTES],
    baseline: 'original',
    rows: [original(run), ...rows],
    study: { run, questions },
  };
}

const NOTES = [
  'Both data sets have ten classes: guessing gives about 10 %, which is a share of the unpruned network’s accuracy too.',
  'Every network is really smaller (its bytes are counted in its file) and is pruned from the same trained one. Methods and ' +
    'compensations look at training tiles, fine-tuning goes by validation tiles; all cells are shown, so the test tiles choose none.',
  'Fine-tuning is that of VBP: at most 10 epochs, with the labels and the unpruned network as teachers (α 0.5, T 4), Adam 0.001. ' +
    'Of the head (trunk frozen) it starts where more than 2 points of validation accuracy were lost (*: in no seed); of the whole ' +
    'network wherever anything was. The best epoch on validation tiles is kept; where none is better, the pruned network is.',
  'At scale “small” the tiles are 32×32 and the networks were trained for 6 epochs, with learning rates chosen earlier on ' +
    'validation tiles of the EuroSAT subset for the same designs: nothing was tuned for this study.',
  'Speed: processor time of forward passes of 16 tiles, the unpruned and the pruned network in turn in one process after all ' +
    'runs were done, medians of up to 15 passes; ± over repetitions.',
];

const neuronSection = (data: DataName): TableSection =>
  section(
    data,
    `${TITLES[data]}: hidden neurons of the C4 network`,
    `${data}-c4-small`,
    wayRows(`${data}-c4-small`, 'neurons'),
    ['kept-at-once', 'kept-after-tuning', 'multiply-adds', 'faster', 'compensation', 'invariance'],
    [
      'VBP prunes the hidden neurons of the MLPs in vision transformers (DeiT-B on ImageNet: −36 % parameters, −35 % ' +
        'multiply-adds, 1.44× faster). Here they are the 128 hidden neurons of the orbit head: nearly all of the ' +
        'network’s parameters, and a small part of its multiply-adds, so its figures on cost cannot come out alike.',
    ],
  );

const fieldSection = (data: DataName): TableSection =>
  section(
    data,
    `${TITLES[data]}: fields of the six group convolutions`,
    `${data}-twin-orbit`,
    wayRows(`${data}-twin-orbit`, 'fields'),
    [
      'invariance',
      'kept-at-once',
      'kept-after-tuning',
      'multiply-adds',
      'faster',
      'compensation',
      'smaller-and-fast',
    ],
    [
      'A field is an orbit of four channels; the same share of the fields of each layer goes (4, 4, 8, 8, 16, 16 of them, ' +
        'rounded down, the last one stays). “norms” re-estimates the norms on training tiles.',
      `Counter-example: half of the single channels of layer ${BROKEN_LAYER}. The four channels of a field have one and the same norm, and nearly ` +
        'the same variance, so those two criteria may happen to take whole fields; chance does not.',
    ],
  );

const kernelSection: TableSection = section(
  'kernels',
  'EuroSAT: spatial orbits of four 5×5 group convolutions',
  'eurosat-deep',
  ringRows('eurosat-deep'),
  ['invariance', 'smaller-and-fast'],
  [
    'The network with 5×5 kernels (fields 8, 8, 16, 16): under C4 a kernel has 7 orbits of positions. Removing the whole outer ring ' +
      'leaves a 3×3 kernel, which is faster; removing other orbits saves parameters alone, unless the ring is among them.',
  ],
);

export const vbp: TableDefinition = {
  name: 'vbp',
  title: 'VBP: variance-based pruning of hidden neurons, against other methods and compensations',
  runs: (scale) => [neurons('eurosat', scale), neurons('cifar10', scale)],
  sections: [neuronSection('eurosat'), neuronSection('cifar10')],
};

export const trunk: TableDefinition = {
  name: 'trunk',
  title: 'Inside the equivariant trunk: fields, spatial orbits, and single channels as the counter-example',
  runs: (scale) => [fields('eurosat', scale), kernels('eurosat', scale), fields('cifar10', scale)],
  sections: [fieldSection('eurosat'), kernelSection, fieldSection('cifar10')],
};
