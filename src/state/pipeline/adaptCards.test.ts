import { expect, test } from 'vitest';
import { checkRecipe } from '../../lab/recipe/schema';
import type { StageRecord } from '../../lab/stage/store';
import { lambdaRows } from '../words/adapting';
import { findingOf, taskOf } from '../words/pipeline';
import { cardsOf, STAGE_NAMES } from './cards';

const plain = (text: string) => text.replaceAll(/\s/g, ' ');
const cost = { params: 100, macs: 1000, bytes: 400, seconds: 1 };
const turns = { turned: [0.7, 0.7, 0.6, 0.7], agreement: 0.9, changed: 4, undecided: 0 };

const recipe = checkRecipe({
  version: 2,
  name: 'adapted',
  arch: { id: 'base-small' },
  start: [{ name: 'network', fingerprint: '0'.repeat(32) }],
  stages: [
    { kind: 'adapt', lambda: 0, augment: true },
    { kind: 'adapt', from: 'network', lambda: { values: [0, 1], folds: 2 }, penalty: 'weights' },
    { kind: 'project' },
  ],
});

const spread = (mean: number) => ({ mean, sd: 0.015 });
const LAMBDAS = [0, 1].map((lambda) => ({
  ...{ lambda, accuracy: spread(0.6 + lambda / 10), moved: spread(0.5), agreement: spread(0.8) },
  penalty: lambda === 0 ? null : spread(0.3),
}));

const records: StageRecord[] = [
  {
    name: 'adapt turned tiles C4',
    kind: 'adapt',
    accuracy: 0.7,
    lambda: 0,
    penalty: 'logits',
    discrepancies: { logits: 2 },
  },
  ...[0, 1].flatMap((lambda) =>
    [0, 1].map((fold) => ({
      name: `adapt ${lambda === 0 ? 'plain' : 'weights C4 1'} fold ${fold + 1}`,
      kind: 'adapt-fold',
      lambda,
      fold,
      held: 20,
      accuracy: 0.6,
      penalty: 'weights',
      discrepancies: { weights: 3 },
    })),
  ),
  {
    ...{ name: 'adapt weights C4 by folds', kind: 'adapt', accuracy: 0.72, lambda: 1, penalty: 'weights' },
    ...{ lambdas: LAMBDAS, discrepancies: { weights: 0.25 }, before: { discrepancies: { weights: 12.5 } } },
  },
  {
    name: 'project C4',
    kind: 'project',
    accuracy: 0.72,
    group: 'C4',
    agreement: 1,
    changed: 0,
    turned: [0.72, 0.72, 0.72, 0.72],
  },
].map((record) => ({ ...cost, ...turns, ...record }));

const cards = cardsOf(
  { recipe, records, history: [], later: null, tiles: { train: 80, val: 40, test: 40 }, status: 'done' },
  null,
);

test('every fold has a card, on the tiles that it held out', () => {
  expect(cards.map(({ planned, state }) => [STAGE_NAMES[planned.kind], state])).toEqual(
    ['Adapt', 'Fold', 'Fold', 'Fold', 'Fold', 'Adapt', 'Project'].map((name) => [name, 'done']),
  );
  expect(cards.map(({ figures }) => figures!.tiles)).toEqual([40, 20, 20, 20, 20, 40, 40]);
});

test('every λ stands in a table over its folds, the chosen one marked', () => {
  expect(lambdaRows(cards[0].record!)).toBeNull();
  expect(lambdaRows(cards[5].record!)!.rows.map((row) => row.map(plain))).toEqual([
    ['0', '60.0 ± 1.5 %', '50.0 ± 1.5 %', '80.0 ± 1.5 %', '–'],
    ['1, chosen', '70.0 ± 1.5 %', '50.0 ± 1.5 %', '80.0 ± 1.5 %', '0.300 ± 0.015'],
  ]);
});

test('what each is to do, and what it found', () => {
  expect([0, 3, 5, 6].map((at) => plain(taskOf(cards[at].planned, recipe)))).toEqual([
    'tiles turned at random, the labels alone, 10 epochs',
    'towards C4 by its weights, λ 1, 10 epochs, fold 1 of 2',
    'towards C4 by its weights, λ by 2 folds, 10 epochs',
    'the mean of its weights over C4: exactly equivariant, and smaller',
  ]);
  expect(plain(findingOf(cards, cards[0]))).toBe(
    'The same answer at all four turns on 90.0 % of the decided tiles. R of the logits is 2.00.',
  );
  expect(plain(findingOf(cards, cards[5]))).toBe(
    'λ 1 of 2 that were tried. The same answer at all four turns on 90.0 % of the decided tiles. R of the weights is 0.250, before 12.5.',
  );
  expect(plain(findingOf(cards, cards[6]))).toMatch(/^Exactly equivariant under C4\./);
});
