import { expect, test } from 'vitest';
import { namedArch } from '../../lab/families/gcnn/zoo';
import { handSheet } from '../../lab/testing/sheets';
import { recordsOf } from '../../state/testing/tables';
import type { Setting } from '../../worker/protocol/choices';
import type { Finetuned, Opened } from '../../worker/protocol/results';
import { curveTable, finetuneTable, neuronsTable, numbersTable, rotationTable } from './tables';

const net = {
  name: 'equivariant',
  kind: 'equivariant',
  title: 'A network',
  arch: 'tiny',
  group: 'C4',
  spec: namedArch('tiny'),
} as const;
const opened: Opened = {
  subject: { kind: 'pair', id: 'tiny' },
  title: 'Tiny',
  pairs: [],
  recipe: null,
  dataset: { ref: 'synthetic', title: 'Painted', synthetic: true, size: 8 },
  split: { seed: 3, train: 30, val: 10, test: 10 },
  seed: 5,
  nets: { main: { ...net, classes: ['a', 'b', 'c'] }, peer: null },
};
const setting: Setting = { method: 'l2', compensation: 'none', removed: 1, scope: 'head' };
const { sheet, curve } = handSheet([0.1, 0.5, 0.7, 0.8, 0.9], [0, 1, 0, 0]);

test('the curves: from nothing removed to all but one, with where they come from', () => {
  const table = curveTable(sheet, opened);
  const records = recordsOf(table);
  expect(table.name).toBe('curve synthetic 8');
  expect(records.map((each) => each['neurons removed'])).toEqual([0, 1, 2, 3]);
  expect(records.map((each) => each['accuracy (share): L2, compensation none'])).toEqual([
    0.9, 0.8, 0.7, 0.5,
  ]);
  expect(records[1]).toMatchObject({ 'removed (share)': 0.25, parameters: 30 });
  expect(table.source).toEqual({
    model: 'A network',
    data: 'Painted',
    split: 'validation',
    n: 10,
    'split seed': 3,
    seed: 5,
  });
});

test('before and after: a row for each form that there is', () => {
  const tuned = { accuracy: 0.85, agreement: 1, error: 1e-7, key: 'k' } as Finetuned;
  const without = recordsOf(numbersTable(sheet, curve, setting, null, opened));
  expect(without.map(({ network }) => network)).toEqual(['whole', 'pruned']);
  const [whole, pruned, after] = recordsOf(numbersTable(sheet, curve, setting, tuned, opened));
  expect(whole).toMatchObject({ 'accuracy (share)': 0.9, 'hidden neurons': 4 });
  expect(pruned).toMatchObject({ 'accuracy (share)': 0.8, 'hidden neurons': 3, parameters: 30 });
  expect(after).toMatchObject({ 'accuracy (share)': 0.85, 'hidden neurons': 3, parameters: 30 });
});

test('fine-tuning: epoch 0 is the pruned network', () => {
  const epoch = { epoch: 1, accuracy: 0.88, loss: 0.4, validationLoss: 0.5, learningRate: 0.01, seconds: 2 };
  const table = finetuneTable({ baseline: 0.9, accuracy: 0.8 }, [epoch], setting, sheet, opened);
  expect(recordsOf(table).map((each) => each['accuracy (share)'])).toEqual([0.8, 0.88]);
  expect(table.source).toMatchObject({ 'neurons removed': 1, 'accuracy unpruned (share)': 0.9 });
});

test('turned: only networks that there are', () => {
  const now = [0.8, 0.7, 0.6, 0.5];
  const series = [
    { name: 'equivariant', now, before: now, changed: 1, undecided: 2 },
    { name: 'plain', now: null, before: null, changed: 0, undecided: 0 },
    { name: 'fine-tuned equivariant', now, before: null, changed: 0, undecided: 0 },
  ];
  const records = recordsOf(rotationTable(series, setting, sheet, opened));
  expect(records.map(({ network }) => network)).toEqual(['equivariant', 'fine-tuned equivariant']);
  expect(records[0]).toMatchObject({ 'accuracy at 180 degrees (share)': 0.6, 'changed answers (tiles)': 1 });
});

test('neurons: in the order in which they go, with their output weights', () => {
  const table = neuronsTable(sheet, curve, opened);
  const records = recordsOf(table);
  expect(records.map(({ neuron }) => neuron)).toEqual([1, 3, 0, 2]);
  expect(records[0]).toMatchObject({ 'goes as number': 1, dead: true, 'output weight: c': 3 });
  expect(table.source).toMatchObject({ split: 'training', n: 30 });
});
