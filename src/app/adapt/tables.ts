/** The charts and tables of adapted runs as plain values, to be saved: the figures in full, shares from 0 to 1. */
import type { Spread } from '../../lab/adapt/choose';
import type { WayResult } from '../../state/adapt/results';
import type { SweepPoint } from '../../state/adapt/sweep';
import type { Cell, Table } from '../../state/page/table';
import { WAY_NAMES } from '../../state/words/adapting';
import type { RunRow } from '../../storage/rows';

const both = (figure: Spread | null): Cell[] => (figure ? [figure.mean, figure.sd] : [null, null]);
const heads = (...names: string[]): string[] =>
  names.flatMap((name) => [`${name}, mean`, `${name}, deviation`]);

export function sweepTable(row: RunRow, points: readonly SweepPoint[]): Table {
  return {
    name: `lambda ${row.name}`,
    title: `What every λ came to in ${row.name}`,
    columns: [
      'λ',
      'folds',
      ...heads('accuracy (share)', 'accuracy in all positions (share)', 'same answer (share)'),
      ...heads('equivariance error', 'R'),
    ],
    rows: points.map(({ lambda, folds, accuracy, moved, agreement, error, penalty }) => [
      lambda,
      folds,
      ...[accuracy, moved, agreement, error, penalty].flatMap(both),
    ]),
    source: { ...sourceOf(row), split: 'held-out training' },
  };
}

export function waysTable(row: RunRow, results: readonly WayResult[]): Table {
  return {
    name: `ways ${row.name}`,
    title: `What came of each way in ${row.name}`,
    columns: [
      'way',
      'λ',
      'seeds',
      ...heads('test accuracy (share)', 'over four turns (share)', 'same answer (share)', 'R'),
      'equivariance error',
      'parameters',
      'steps',
      'passes of a tile',
      'time (s)',
      'time of the folds (s)',
    ],
    rows: results.map((each) => [
      WAY_NAMES[each.way],
      each.lambdas.join(' '),
      each.stages.length,
      ...[each.accuracy, each.turned, each.agreement, each.penalty].flatMap(both),
      each.error,
      each.params,
      each.cost.steps,
      each.cost.passes,
      each.cost.seconds,
      each.choosing?.seconds ?? null,
    ]),
    source: { ...sourceOf(row), split: 'test', n: row.tiles.test },
  };
}

const sourceOf = ({ name, recipe, data, engine }: RunRow) => ({
  run: name,
  data: data.title,
  'split seed': recipe.split.seed,
  seed: recipe.seed,
  engine,
});
