import { expect, test } from 'vitest';
import { trainingRow } from '../../state/testing/runs';
import { recordsOf } from '../../state/testing/tables';
import { runDifferences } from './runFacts';
import { comparisonTable, curvesTable, historyTable, runsTable } from './tables';

const epoch = (n: number, accuracy: number) => ({
  epoch: n,
  accuracy,
  loss: 1 / n,
  validationLoss: 2 / n,
  learningRate: 0.01,
  seconds: 3,
});
const first = { ...trainingRow('one'), history: [epoch(1, 0.5), epoch(2, 0.75)] };
const second = {
  ...first,
  id: 'other',
  name: 'two',
  recipe: { ...first.recipe, seed: first.recipe.seed + 1 },
  history: [epoch(1, 0.25)],
};
const rows = [first, second];

test('a training by epoch; the two charts have files of their own', () => {
  const table = historyTable('loss', first, first.history);
  expect(recordsOf(table)[1]).toMatchObject({
    epoch: 2,
    'training loss (nats)': 0.5,
    'validation accuracy (share)': 0.75,
  });
  expect(table.source).toMatchObject({ run: 'one', n: first.tiles.val, seed: first.recipe.seed });
  const names = [table, historyTable('accuracy', first, first.history, 'train')].map(({ name }) => name);
  expect(names).toEqual(['loss one', 'accuracy one, train']);
});

test('runs and what differs: a column for each setting', () => {
  const records = recordsOf(runsTable(rows, runDifferences(rows), ({ name }) => `is ${name}`));
  expect(records.map(({ run, status, seed }) => [run, status, seed])).toEqual([
    ['one', 'is one', first.recipe.seed],
    ['two', 'is two', first.recipe.seed + 1],
  ]);
  expect(records.map((each) => each['accuracy (share)'])).toEqual([0.75, 0.25]);
  expect(Object.keys(records[0]).some((name) => name.startsWith('setting: '))).toBe(true);
});

test('compared runs: with the interval that their tiles leave, and a run without an epoch', () => {
  const begun = { ...second, history: [] };
  const [one, two] = recordsOf(comparisonTable([first, begun], runDifferences([first, begun])));
  expect(one['95 % interval from (share)']).toBeLessThan(0.75);
  expect(one['95 % interval to (share)']).toBeGreaterThan(0.75);
  expect(two).toMatchObject({ 'validation accuracy (share)': null, 'epochs finished': 0 });
  expect(recordsOf(curvesTable(rows)).map(({ run, epoch }) => [run, epoch])).toEqual([
    ['one', 1],
    ['one', 2],
    ['two', 1],
  ]);
});
