/** How the Train view names things. */

import type { HeadKind } from '../../lab/families/gcnn/arch';
import type { GroupName } from '../../lab/symmetry/group';
import type { RunRow } from '../../storage/rows';

/** What each architecture is for; one without words goes by its name alone. */
export const ARCH_WORDS: Readonly<Record<string, string>> = {
  paper: 'the paper’s network',
  efficient: 'the paper’s, 90 neurons',
  ultra: 'the paper’s, 90 neurons, less dropout',
  c4: 'two steerable blocks',
  'c4-grid': 'two free-filter blocks',
  'd4-grid': 'two free-filter blocks, mirrors too',
  'c4-small': 'two steerable blocks, small input',
  'c4-twin': 'twin of the plain CNN',
  'c4-twin-small': 'small twin of the plain CNN',
  'c4-deep': 'four 5×5 blocks',
  base: 'plain CNN',
  'base-small': 'small plain CNN',
  tiny: 'for trying out, seconds to train',
  'vit-small': 'small vision transformer',
  'c4-vit-small': 'its equivariant twin',
  vit: 'vision transformer',
  'c4-vit': 'its equivariant twin',
};

export const GROUP_SENTENCES: Record<GroupName, string> = {
  C1: 'No turns built in: a plain network that learns each orientation by itself.',
  C2: 'Half turns are built in: a filter is used in 2 orientations.',
  C4: 'Quarter turns are built in: a filter is used in 4 orientations.',
  D1: 'Mirror images are built in: a filter is used in 2 positions.',
  D4: 'Quarter turns and mirror images are built in: a filter is used in 8 positions.',
};

export const HEAD_NAMES: Record<HeadKind, string> = {
  flat: 'Flat',
  orbit: 'Orbit',
  pooled: 'Pooled',
  averaged: 'Averaged',
};

export const HEAD_SENTENCES: Record<HeadKind, string> = {
  flat: 'Reads the map cell by cell, so answers may change when a tile is turned.',
  orbit: 'Tries each neuron’s pattern in every position of the group: the same answer at all of them.',
  pooled:
    'Averages over the map first: the same answer at all positions of the group, blind to where things lie.',
  averaged:
    'Averages over the map and over the positions of the group: what a plain network becomes when it is projected.',
};

const FIELD_NAMES: Readonly<Record<string, string>> = {
  data: 'Data set',
  'arch.id': 'Architecture',
  'arch.group': 'Group',
  'arch.head': 'Head',
  'arch.size': 'Input size',
  'arch.hidden': 'Hidden neurons',
  'arch.dropout': 'Dropout',
  seed: 'Seed',
  'split.seed': 'Split seed',
  'stages.0.settings.epochs': 'Epochs',
  'stages.0.settings.batch': 'Batch',
  'stages.0.settings.learningRate': 'Learning rate',
  'stages.0.settings.augment.crop': 'Shifted by, px',
  'stages.0.settings.augment.flip': 'Mirrored',
  'stages.0.settings.augment.turn': 'Turned',
  'stages.0.settings.augment.brightness': 'Brighter or darker',
  'stages.0.settings.balance': 'Classes balanced by',
  'stages.0.settings.patience': 'Patience',
};

/** Fields of the Adapt view's form. */
const ADAPTING_FIELDS: Readonly<Record<string, string>> = {
  network: 'Network',
  group: 'Group',
  penalty: 'R of the',
  choose: 'λ by',
  lambda: 'λ',
  values: 'λ tried',
  folds: 'Folds',
  by: 'Decided by',
  share: 'Share of the tiles',
  epochs: 'Epochs',
  batch: 'Batch',
  rate: 'Learning rate',
  seeds: 'Seeds',
  project: 'Projected',
  finetuned: 'Beside plain fine-tuning',
  augmented: 'Beside turned tiles',
  constructed: 'Beside one from scratch',
};

/** Fields of stages that only pipelines have, by what follows the stage's number. */
const STAGE_FIELDS: Readonly<Record<string, string>> = {
  'student.hidden': 'Student neurons',
  'settings.epochs': 'Student epochs',
  'settings.alpha': 'α',
  'settings.temperature': 'T',
  'methods.0': 'Method',
  'compensations.0': 'Compensation',
  'ratios.0': 'Removed',
  'finetune.scope': 'Fine-tuned',
  'finetune.tolerance': 'Tolerated loss',
  layers: 'Integers',
  range: 'Range',
};

/** A field of a recipe in words; one without a name goes by its path. */
export const fieldName = (path: string): string =>
  FIELD_NAMES[path] ??
  stageName(path) ??
  ADAPTING_FIELDS[path] ??
  STAGE_FIELDS[path.replace(/^stages\.\d+\./, '')] ??
  path;

/** A stage that one recipe has and another has not. */
const stageName = (path: string): string | undefined => {
  const [, n] = /^stages\.(\d+)$/.exec(path) ?? [];
  return n && `Stage ${Number(n) + 1}`;
};

export const fieldValue = (value: unknown): string =>
  isStage(value)
    ? value.kind
    : value === undefined
      ? '–'
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);

const isStage = (value: unknown): value is { readonly kind: string } =>
  typeof value === 'object' && value !== null && 'kind' in value;

export type ShownStatus = RunRow['status'] | 'cut off' | 'elsewhere';

/** What a row says of itself, seen by this page: one that "runs" while nobody works on it was cut off. */
export function statusOf(row: RunRow, live: string | undefined, elsewhere: ReadonlySet<string>): ShownStatus {
  if (row.status !== 'running' || row.id === live) return row.status;
  return elsewhere.has(row.id) ? 'elsewhere' : 'cut off';
}

export const STATUS_NAMES: Record<ShownStatus, string> = {
  running: 'running',
  stopped: 'stopped',
  done: 'done',
  failed: 'failed',
  'cut off': 'cut off',
  elsewhere: 'in another tab',
};

/** Why nothing can be started while another run is going on. */
export const busyWords = ({ kind, name }: { kind: RunRow['kind']; name: string }): string =>
  `“${name}” is ${GOING_ON[kind]}, and one run works at a time: wait, or stop it.`;

const GOING_ON: Readonly<Record<RunRow['kind'], string>> = {
  training: 'training',
  pipeline: 'going on under Pipeline',
  adapting: 'going on under Adapt',
};
