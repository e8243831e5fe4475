/** The report as tables, figures in full: what its CSV files are written from. */
import type { CellTable } from '../../csv';
import type { ClassReport } from './classReport';
import type { Comparison } from './compare';
import { rowShares } from './confusion';

type Source = CellTable['source'];

/** A row for each class: its tiles, how many of them got each answer, and what share. */
export const confusionTable = ({ classes, confusion, perClass }: ClassReport, source: Source): CellTable => {
  const shares = rowShares(confusion);
  return {
    columns: [
      'class',
      'tiles',
      ...classes.map((name) => `answered ${name}`),
      ...classes.map((name) => `share answered ${name}`),
    ],
    rows: confusion.map((row, c) => [classes[c], perClass[c].n, ...row, ...shares[c]]),
    source,
  };
};

export const classTable = ({ classes, perClass }: ClassReport, source: Source): CellTable => ({
  columns: ['class', 'tiles', 'answered', 'right', 'precision', 'recall', 'F1'],
  rows: perClass.map(({ n, answered, right, precision, recall, f1 }, c) => [
    classes[c],
    n,
    answered,
    right,
    precision,
    recall,
    f1,
  ]),
  source,
});

/** The bins of the probabilities as the network says them (temperature 1), then of those at the temperature. */
export const reliabilityTable = ({ calibration }: ClassReport, source: Source): CellTable => {
  const { asIs, temperature, atTemperature } = calibration;
  const all = [
    { value: 1, bins: asIs.bins },
    ...(temperature && atTemperature ? [{ value: temperature.value, bins: atTemperature.bins }] : []),
  ];
  return {
    columns: ['temperature', 'above', 'up to', 'tiles', 'mean probability', 'accuracy'],
    rows: all.flatMap(({ value, bins }) =>
      bins.map(({ from, to, tiles, confidence, accuracy }) => [value, from, to, tiles, confidence, accuracy]),
    ),
    source,
  };
};

/** A row for each tile. turns: the degrees of the quarter turns beside the upright one, as they were computed. */
export const tileTable = (
  { classes, tiles }: ClassReport,
  source: Source,
  turns: readonly number[],
): CellTable => ({
  columns: [
    'tile',
    'class',
    'answer',
    'right',
    'unsure',
    'probability',
    'probability at the temperature',
    ...turns.map((degrees) => `answer at ${degrees}°`),
    'same answer at all turns',
    ...classes.map((name) => `probability of ${name}`),
  ],
  rows: tiles.map((tile) => [
    tile.key,
    classes[tile.truth],
    classes[tile.answer],
    tile.right,
    tile.unsure,
    tile.probability,
    tile.calibrated,
    ...tile.turned.map((answer) => classes[answer]),
    tile.agrees,
    ...tile.probabilities,
  ]),
  source,
});

/** A row for each tile with another answer than before. */
export const changeTable = (
  { classes }: ClassReport,
  { changes }: Comparison,
  source: Source,
): CellTable => ({
  columns: [
    'tile',
    'class',
    'answer before',
    'probability before',
    'answer after',
    'probability after',
    'change',
  ],
  rows: changes.map(({ before, after, change }) => [
    after.key,
    classes[after.truth],
    classes[before.answer],
    before.probability,
    classes[after.answer],
    after.probability,
    change,
  ]),
  source,
});
