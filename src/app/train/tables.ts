/** The charts and tables of runs as plain values, to be saved: the figures in full, shares from 0 to 1. */
import { wilsonInterval } from '../../lab/evaluate/interval';
import type { Recipe } from '../../lab/recipe/schema';
import { bestEpoch, type EpochRecord } from '../../lab/stage/history';
import type { RateSweep } from '../../lab/train/rateSweep';
import type { Cell, Table } from '../../state/page/table';
import type { RunRow } from '../../storage/rows';
import { type FieldDifference, factsOf } from './runFacts';

/** The chart that is saved: all hold all figures of the epochs. */
export type HistoryChart = 'loss' | 'accuracy' | 'penalty';

const CHART_NAMES: Readonly<Record<HistoryChart, string>> = {
  loss: 'Loss',
  accuracy: 'Validation accuracy',
  penalty: 'R',
};

/** Loss, accuracy and R (where it has one) of a training by epoch; `stage` where it is one of several. */
export function historyTable(
  chart: HistoryChart,
  run: RunRow,
  history: readonly EpochRecord[],
  stage?: string,
): Table {
  const { name, data, recipe, tiles, engine } = run;
  const title = stage ? `${name}, ${stage}` : name;
  const isUneven = history.some(({ balanced }) => balanced !== undefined);
  const isPenalised = history.some(({ penalty }) => penalty !== undefined);
  return {
    name: `${chart} ${title}`,
    title: `${CHART_NAMES[chart]} of ${title} by epoch`,
    columns: [
      'epoch',
      'training loss (nats)',
      'validation loss (nats)',
      'validation accuracy (share)',
      'learning rate',
      'time (s)',
      ...(isUneven ? ['balanced accuracy (share)'] : []),
      ...(isPenalised ? ['R'] : []),
    ],
    rows: history.map((each) => [
      each.epoch,
      each.loss,
      each.validationLoss,
      each.accuracy,
      each.learningRate,
      each.seconds,
      ...(isUneven ? [each.balanced ?? null] : []),
      ...(isPenalised ? [each.penalty ?? null] : []),
    ]),
    source: {
      run: name,
      model: recipe.arch.id,
      data: data.title,
      split: 'validation',
      n: tiles.val,
      'split seed': recipe.split.seed,
      seed: recipe.seed,
      engine,
    },
  };
}

/** The losses of a sweep of the learning rate. */
export function ratesTable({ points, tiles }: RateSweep, { arch, seed, split }: Recipe): Table {
  return {
    name: `learning rates ${arch.id}`,
    title: `Loss of ${arch.id} by learning rate`,
    columns: ['learning rate', 'training loss, smoothed (nats)'],
    rows: points.map(({ rate, loss }) => [rate, loss]),
    source: { model: arch.id, split: 'train', n: tiles, 'split seed': split.seed, seed },
  };
}

/** The list of runs as it is shown; `status` says in a word how it is with one. */
export function runsTable(
  rows: readonly RunRow[],
  differing: readonly FieldDifference[],
  status: (row: RunRow) => string,
): Table {
  return {
    name: rows.some(({ kind }) => kind === 'pipeline') ? 'pipelines' : 'runs',
    title: 'Runs kept in this browser',
    columns: [
      ...RUN_COLUMNS,
      'status',
      'done',
      'accuracy (share)',
      'parameters',
      'stored here (bytes)',
      'exported (bytes)',
      'same answer at all turns (share)',
      'time (s)',
      'begun',
      ...differing.map(({ name }) => `setting: ${name}`),
    ],
    rows: rows.map((row, at) => {
      const { done, accuracy, params, bytes, exported, same, time } = factsOf(row);
      return [
        ...runCells(row),
        status(row),
        done,
        accuracy,
        params,
        bytes,
        exported,
        same,
        time,
        new Date(row.created).toISOString(),
        ...differing.map(({ values }) => values[at]),
      ];
    }),
    source: {},
  };
}

/** The compared runs: a row for each, with what differs and what came of it. */
export function comparisonTable(rows: readonly RunRow[], differing: readonly FieldDifference[]): Table {
  return {
    name: `runs compared ${rows.map(({ name }) => name).join(' ')}`.slice(0, 80),
    title: `${rows.length} runs compared`,
    columns: [
      ...RUN_COLUMNS,
      'validation accuracy (share)',
      '95 % interval from (share)',
      '95 % interval to (share)',
      'best epoch',
      'epochs finished',
      'parameters',
      'stored here (bytes)',
      'exported (bytes)',
      'same answer at all turns (share)',
      'time (s)',
      ...differing.map(({ name }) => `setting: ${name}`),
    ],
    rows: rows.map((row, at) => {
      const best = bestEpoch(row.history);
      const { params, bytes, exported, same, time } = factsOf(row);
      return [
        ...runCells(row),
        best?.accuracy ?? null,
        ...(best ? wilsonInterval(best.accuracy, row.tiles.val) : [null, null]),
        best?.epoch ?? null,
        row.history.length,
        params,
        bytes,
        exported,
        same,
        time,
        ...differing.map(({ values }) => values[at]),
      ];
    }),
    source: {},
  };
}

/** The compared runs' accuracies, epoch by epoch, one row for each of both. */
export function curvesTable(rows: readonly RunRow[]): Table {
  return {
    name: `accuracy by epoch ${rows.map(({ name }) => name).join(' ')}`.slice(0, 80),
    title: 'Validation accuracy by epoch',
    columns: [...RUN_COLUMNS, 'epoch', 'validation accuracy (share)'],
    rows: rows.flatMap((row) =>
      row.history.map(({ epoch, accuracy }) => [...runCells(row), epoch, accuracy]),
    ),
    source: {},
  };
}

/** What a run is and what its figures are measured on: runs may differ in each of it. */
const RUN_COLUMNS = ['run', 'model', 'data', 'split', 'n', 'split seed', 'seed'];

const runCells = ({ name, data, recipe, tiles }: RunRow): Cell[] => [
  name,
  recipe.arch.id,
  data.title,
  'validation',
  tiles.val,
  recipe.split.seed,
  recipe.seed,
];
