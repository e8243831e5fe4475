/**
 * VBP on its own ground (arXiv 2507.12988): hidden neurons of the MLPs of a vision transformer, all blocks ranked together.
 * DeiT-Base and ImageNet are out of reach here; what is held against the paper is a transformer of 0.45 million parameters on
 * CIFAR-10.
 */
import { checkRecipe } from '../recipe/schema';
import { type StudyCell, studyName, type Tuning } from '../recipe/studyPlan';
import type { Scale } from './report';
import { testing } from './studies';
import type { TableDefinition, TableRow, TableRun } from './table';

const RUN = 'cifar10-vit-small';
/** 60 % of these neurons are 39 % of the parameters and 36 % of the multiply-adds: what VBP saved. */
const RATIOS = [0.3, 0.5, 0.6, 0.8];
const TUNED = [0.6, 0.8];
/** VBP's way, and what it is held against. */
const WAYS = [
  { method: 'variance', compensation: 'mean' },
  { method: 'l2', compensation: 'none' },
  { method: 'random', compensation: 'none' },
] as const;

/** As DeiT is trained, in short. */
const TRAINING = {
  small: { epochs: 40, batch: 64, warmup: 3 },
  whole: { epochs: 40, batch: 64, warmup: 3 },
  full: { epochs: 200, batch: 128, warmup: 10 },
} as const;

const SPLIT = {
  small: { train: 0.6, val: 0.15, test: 0.25, limit: { train: 3000, val: 500, test: 500 } },
  whole: { train: 0.7, val: 0.1, test: 0.2 },
  full: { train: 0.7, val: 0.1, test: 0.2 },
} as const;

/** Ten epochs, taught by the unpruned network, wherever anything was lost. */
const finetuning = (scale: Scale) => ({
  ...{ scope: 'network', epochs: 10, distil: {}, tolerance: 0, excellent: 0 },
  ...(scale !== 'full' && { batch: 64 }),
});

function run(scale: Scale): TableRun {
  const untuned = { head: null, network: null };
  const recipe = checkRecipe({
    version: 2,
    name: RUN,
    arch: { id: 'vit-small', size: 32 },
    split: SPLIT[scale],
    stages: [
      {
        kind: 'train',
        settings: {
          ...TRAINING[scale],
          ...{ learningRate: 0.001, decay: 'cosine', patience: 1000 },
          ...{ decoupled: true, weightDecay: 0.05, smoothing: 0.1, augment: { crop: 4, flip: true } },
        },
      },
      testing('train'),
      {
        kind: 'study',
        from: 'train',
        ratios: RATIOS,
        mlp: {
          methods: ['variance', 'l2', 'taylor', 'random'],
          compensations: ['none', 'mean', 'ridge'],
        },
        head: null,
        network: { ratios: TUNED, ways: WAYS, settings: finetuning(scale) },
      },
      {
        kind: 'study',
        from: 'train',
        ratios: RATIOS,
        mlp: { methods: ['variance'], compensations: ['mean'], ranking: 'block' },
        ...untuned,
      },
      {
        kind: 'study',
        from: 'train',
        ratios: [0.25, 0.5],
        heads: { methods: ['variance', 'l2', 'taylor', 'random'], compensations: ['none', 'mean'] },
        ...untuned,
      },
    ],
  });
  return { id: RUN, data: 'cifar10', recipe };
}

const row = (id: string, label: string, stage: string): TableRow => ({
  ...{ id, label, run: RUN, stage, claims: [], paper: null, reference: null },
});

const NAMES = { variance: 'Variance, mean', l2: 'L2', random: 'Random' } as const;

const rows = TUNED.flatMap((ratio) =>
  WAYS.flatMap(({ method, compensation }) =>
    (['none', 'network'] as const).map((tuning: Tuning) => {
      const cell: StudyCell = { units: 'mlp', method, compensation, ranking: 'network', ratio };
      const name = studyName(cell, tuning);
      const done = tuning === 'none' ? 'at once' : 'fine-tuned';
      return row(name, `${NAMES[method]}, ${100 * ratio}\u00a0%, ${done}`, name);
    }),
  ),
);

export const vbpVit: TableDefinition = {
  name: 'vbp-vit',
  title: 'VBP on a vision transformer: hidden neurons of the MLPs, all blocks ranked together',
  runs: (scale) => [run(scale)],
  sections: [
    {
      id: 'cifar10',
      title: 'CIFAR-10: a plain vision transformer of four blocks',
      notes: [
        'VBP prunes DeiT-Base (86 million parameters, 12 blocks of 3,072 hidden neurons, ImageNet at 224×224). Here the transformer ' +
          'has 4 blocks of 384 hidden neurons, tokens of 96 channels, 3 heads and patches of 4×4 pixels, and is trained from scratch. ' +
          'The paper’s absolute accuracies cannot come out; its shares can.',
        'Statistics are of what fc2 reads, behind the GELU, over all tokens of all training tiles. All blocks are ranked together; ' +
          '“per block”: the same share of each. Means and ridge regressions are folded into fc2 and its bias.',
        'Every network is really smaller (its bytes are counted in its file) and is pruned from the same trained one. Fine-tuning ' +
          'goes by validation tiles, as VBP’s for at most 10 epochs, with the labels and the unpruned network as teachers (α 0.5, T 4), ' +
          'Adam 0.001, on tiles as they are; all cells are shown, so the test tiles choose none.',
        'Training: AdamW 0.001, weight decay 0.05, warm-up, cosine, labels smoothed by 0.1, tiles shifted by up to 4 pixels and mirrored. ' +
          'Nothing was tuned for this study.',
        'Speed: processor time of forward passes of 16 tiles, the unpruned and the pruned network in turn in one process after all runs ' +
          'were done, medians of up to 15 passes; ± over repetitions.',
      ],
      baseline: 'original',
      rows: [row('original', 'Unpruned', 'train'), ...rows],
      study: {
        run: RUN,
        questions: ['kept-at-once', 'kept-after-tuning', 'multiply-adds', 'faster', 'compensation'],
      },
    },
  ],
};
