/**
 * "Equivariant Fine-Tuning of Large Pretrained Models": a network that learnt CIFAR-10 is adapted to EuroSAT, to all of its
 * training tiles and to a tenth of them. No code of the paper is public and it gives no formula for R; its networks
 * (ResNet-50, EfficientNet-B7) and its tiles (ImageNet to CIFAR-10) are others: what can be held against it is the order.
 */
import type { AdaptSettings } from '../adapt/settings';
import { checkRecipe, type Recipe } from '../recipe/schema';
import type { Printed, Scale } from './report';
import { split, studyOf, testing } from './studies';
import type { TableDefinition, TableRow, TableRun, TableSection } from './table';

/** What the paper's table 2 prints for CIFAR-10; of a "method A" it says nothing but the name. */
const PRINTED = {
  all: { 'fine-tuned': 0.921, augmented: 0.935, adapted: 0.948 },
  tenth: { 'fine-tuned': 0.785, augmented: 0.821, adapted: 0.857 },
} as const;

const SHARES = { all: 1, tenth: 0.1 } as const;
type Part = keyof typeof SHARES;

const GRID = [0.01, 0.1, 1] as const;
/** Of the distance of the weights: a little, and enough that they get there within the steps that there are. */
const WEIGHTS = [0.1, 1] as const;

/** A tenth of the tiles has four times the epochs, for two or three steps in each. */
const EPOCHS = {
  small: { all: 6, tenth: 24 },
  whole: { all: 30, tenth: 120 },
  full: { all: 30, tenth: 120 },
} as const;

const settingsOf = (part: Part, scale: Scale): AdaptSettings => ({
  epochs: EPOCHS[scale][part],
  batch: 32,
  learningRate: 0.001,
  decay: 'linear',
  weightDecay: 1e-4,
});

/** What is made of the pretrained network, with the number of steps of all the others. */
function stagesOf(part: Part, scale: Scale): object[] {
  const settings = settingsOf(part, scale);
  const adapting = (name: string, rest: object) => [
    { kind: 'adapt', name, from: 'network', settings, ...rest },
    testing(name),
  ];
  return [
    ...adapting('fine-tuned', { lambda: 0 }),
    ...adapting('augmented', { lambda: 0, augment: true }),
    ...adapting('adapted', { lambda: { values: [0, ...GRID], folds: 3 } }),
    ...GRID.flatMap((lambda) => adapting(`logits ${lambda}`, { lambda })),
    ...adapting('features', { lambda: 1, penalty: 'features' }),
    ...WEIGHTS.flatMap((lambda) => adapting(`weights ${lambda}`, { lambda, penalty: 'weights' })),
    { kind: 'project', name: 'projected', from: `weights ${WEIGHTS[1]}` },
    testing('projected'),
    {
      kind: 'train',
      name: 'constructed',
      settings: { ...settings, learningRate: 0.003, patience: settings.epochs },
    },
    testing('constructed'),
  ];
}

const idOf = (part: Part) => `eurosat-adapt-${part}`;
/** The network that all begin with. */
const pretrained = (scale: Scale): TableRun => studyOf('cifar10', 'cnn', scale, []);

function runOf(part: Part, scale: Scale): TableRun {
  const recipe: Recipe = checkRecipe({
    version: 2,
    name: idOf(part),
    // By construction: the twin of the network that is adapted.
    arch: { id: 'c4-twin-small', head: 'pooled', size: 32 },
    split: { ...split(scale, 'eurosat'), share: SHARES[part] },
    // Its fingerprint is known when it is there.
    start: [{ name: 'network', title: 'base-small, CIFAR-10', fingerprint: '0'.repeat(32) }],
    stages: stagesOf(part, scale),
  });
  return { id: idOf(part), data: 'eurosat', recipe, begins: { run: pretrained(scale).id, stage: 'train' } };
}

const LABELS = {
  'fine-tuned': 'Fine-tuned, plain (λ = 0)',
  augmented: 'Fine-tuned on turned tiles',
  adapted: 'Adapted, λ by folds (logits)',
} as const;

function section(part: Part): TableSection {
  const printed = (accuracy: number): Printed => ({
    accuracy,
    note: 'ImageNet to CIFAR-10, other networks; the paper’s table 1 prints 85.2, 88.1 and 90.5.',
  });
  const row = (
    id: string,
    label: string,
    claims: TableRow['claims'] = [],
    paper: Printed | null = null,
  ): TableRow => ({
    ...{ id, label, claims, paper, run: idOf(part), stage: id, reference: null },
  });
  const ranked = (id: keyof typeof LABELS, claims: TableRow['claims']) =>
    row(id, LABELS[id], claims, printed(PRINTED[part][id]));
  const plain = 'fine-tuned';
  return {
    id: part,
    title:
      part === 'all'
        ? 'CIFAR-10 to EuroSAT, all training tiles'
        : 'CIFAR-10 to EuroSAT, a tenth of the training tiles',
    notes: [
      'Every row but the last two has as many steps from the same pretrained network; the last epoch’s network is taken, not ' +
        'the best one’s. A step with R of logits or features costs two passes of its tiles, one with R of the weights none more.',
      'The paper’s “method A” has no description; fine-tuning on turned tiles stands in its place.',
      'λ is chosen by 3 folds of the training tiles by the accuracy on upright held-out tiles; test tiles choose nothing.',
      'Satellite tiles have no up: that the accuracy hardly falls when they turn says little, the agreement says more.',
    ],
    baseline: plain,
    ordering: [plain, 'augmented', 'adapted'],
    rows: [
      ranked(plain, []),
      ranked('augmented', [{ kind: 'above', row: plain }]),
      ranked('adapted', [
        { kind: 'above', row: plain },
        { kind: 'above', row: 'augmented' },
        { kind: 'nearer', row: plain, of: 'logits' },
      ]),
      ...GRID.map((lambda) => row(`logits ${lambda}`, `Logits, λ = ${lambda}`)),
      row('features', 'Features, λ = 1', [{ kind: 'nearer', row: plain, of: 'features' }]),
      ...WEIGHTS.map((lambda) =>
        row(`weights ${lambda}`, `Weights, λ = ${lambda}`, [{ kind: 'nearer', row: plain, of: 'weights' }]),
      ),
      row('projected', `Weights, λ = ${WEIGHTS[1]}, projected`, [{ kind: 'invariant' }]),
      row('constructed', 'C4 by construction, from scratch', [{ kind: 'invariant' }]),
    ],
  };
}

export const adaptTable: TableDefinition = {
  name: 'adapt',
  title: 'Equivariant fine-tuning: a network of CIFAR-10 adapted to EuroSAT',
  runs: (scale) => [pretrained(scale), runOf('all', scale), runOf('tenth', scale)],
  sections: [section('all'), section('tenth')],
};
