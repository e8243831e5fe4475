/** A table of the smallest networks, in the form of the paper's: for tests that run one from end to end. */
import { checkRecipe } from '../recipe/schema';
import { studyName } from '../recipe/studyPlan';
import { QUESTIONS } from '../reproduce/questions';
import { quantising, testing } from '../reproduce/studies';
import type { TableDefinition, TableRow } from '../reproduce/table';

const settings = { epochs: 3, batch: 16, learningRate: 0.02 };
const finetune = { epochs: 2, batch: 16, tolerance: 0, excellent: 0 };
const MISALIGNED = 'prune l2 none misaligned 50%';
const TUNED = 'finetune l2 none 50%';

const recipe = (name: string, arch: object, ...after: object[]) =>
  checkRecipe({
    version: 2,
    name,
    arch: { id: 'tiny', size: 8, ...arch },
    stages: [{ kind: 'train', settings }, testing('train'), ...after],
  });

const row = (id: string, run: string, stage: string, claims: TableRow['claims']): TableRow => ({
  ...{ id, run, stage, claims },
  label: `Row ${id}`,
  paper: { accuracy: 0.9, megabytes: 1.5, reduction: 0.25, note: 'Printed twice.' },
  reference: id === 'whole' ? { accuracy: 0.8 } : null,
});

export const tinyTable: TableDefinition = {
  name: 'table-2',
  title: 'A tiny table',
  runs: () => [
    {
      id: 'tiny-orbit',
      data: 'eurosat',
      recipe: recipe(
        'orbit',
        {},
        {
          kind: 'sweep',
          neurons: {
            ratios: [0.5],
            methods: ['l2'],
            compensations: ['none'],
            cascades: ['aligned', 'misaligned'],
            finetune,
          },
        },
        testing(TUNED),
        testing(MISALIGNED),
        ...quantising(TUNED),
      ),
    },
    { id: 'tiny-plain', data: 'eurosat', recipe: recipe('plain', { group: 'C1', head: 'pooled' }) },
  ],
  sections: [
    {
      id: 'pipeline',
      title: 'From whole to integers',
      notes: ['Read with care.'],
      baseline: 'whole',
      rows: [
        row('whole', 'tiny-orbit', 'train', [{ kind: 'reaches' }, { kind: 'invariant' }]),
        row('tuned', 'tiny-orbit', TUNED, [{ kind: 'keeps', row: 'whole' }]),
        row('misaligned', 'tiny-orbit', MISALIGNED, [{ kind: 'collapses', row: 'whole' }]),
        row('int8', 'tiny-orbit', `quantise dense per batch of ${TUNED}`, [{ kind: 'keeps', row: 'tuned' }]),
        row('plain', 'tiny-plain', 'train', [{ kind: 'below', row: 'whole' }]),
      ],
    },
  ],
};

const adapting = { epochs: 2, batch: 16, learningRate: 0.01 };
const plainSix = { group: 'C1', head: 'pooled' };

/** A network, and another run that begins with it. */
export const adaptingTable: TableDefinition = {
  name: 'adapt',
  title: 'A tiny network adapted',
  runs: () => [
    { id: 'tiny-plain', data: 'eurosat', recipe: recipe('plain', plainSix) },
    {
      id: 'tiny-adapt',
      data: 'eurosat',
      recipe: checkRecipe({
        version: 2,
        name: 'adapt',
        arch: { id: 'tiny', size: 8 },
        split: { train: 0.6, val: 0.2, test: 0.2, share: 0.5 },
        start: [{ name: 'network', fingerprint: '0'.repeat(32) }],
        stages: [
          { kind: 'adapt', name: 'fine-tuned', from: 'network', lambda: 0, settings: adapting },
          testing('fine-tuned'),
          {
            ...{ kind: 'adapt', name: 'adapted', from: 'network', settings: adapting },
            lambda: { values: [1, 10], folds: 2 },
          },
          testing('adapted'),
        ],
      }),
      begins: { run: 'tiny-plain', stage: 'train' },
    },
  ],
  sections: [
    {
      id: 'adapt',
      title: 'Towards equivariance',
      notes: [],
      baseline: 'plain',
      ordering: ['plain', 'adapted'],
      rows: [
        row('plain', 'tiny-adapt', 'fine-tuned', []),
        row('adapted', 'tiny-adapt', 'adapted', [{ kind: 'nearer', row: 'plain', of: 'logits' }]),
      ],
    },
  ],
};

const taught = { epochs: 2, batch: 16, tolerance: 0, excellent: 0, distil: {} };
const studied = studyName(
  { units: 'fields', method: 'variance', compensation: 'mean', ratio: 0.5 },
  'network',
);

/** Every unit, a few ways, all tunings. */
export const studyTable: TableDefinition = {
  name: 'trunk',
  title: 'A tiny study',
  runs: () => [
    {
      id: 'tiny-study',
      data: 'eurosat',
      recipe: recipe(
        'study',
        {},
        {
          kind: 'study',
          ratios: [0.5],
          neurons: { methods: ['variance'], compensations: ['none', 'mean', 'ridge'] },
          fields: { methods: ['variance'], compensations: ['none', 'mean', 'norms'] },
          orbits: { methods: ['l2'], ring: true },
          channels: { methods: ['variance'], layer: 2 },
          head: taught,
          network: {
            ratios: [0.5],
            ways: [{ method: 'variance', compensation: 'mean' }],
            settings: { ...taught, scope: 'network' },
          },
        },
      ),
    },
  ],
  sections: [
    {
      id: 'study',
      title: 'Everything at once',
      notes: [],
      baseline: 'whole',
      rows: [
        row('whole', 'tiny-study', 'train', [{ kind: 'invariant' }]),
        row('tuned', 'tiny-study', studied, [{ kind: 'keeps', row: 'whole' }, { kind: 'invariant' }]),
      ],
      study: { run: 'tiny-study', questions: QUESTIONS },
    },
  ],
};
