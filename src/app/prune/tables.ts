/** The Prune view's charts and tables as plain values, to be saved: the figures in full, shares from 0 to 1. */
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import type { EpochRecord } from '../../lab/stage/history';
import type { Cell, Table } from '../../state/page/table';
import type { CurveName } from '../../state/prune/curves';
import { type Point, pointOf } from '../../state/prune/sheets';
import { layerOf, unitsName, unitWords } from '../../state/prune/unitNames';
import { capital } from '../../state/words/format';
import type { Setting } from '../../worker/protocol/choices';
import type { Finetuned, Opened } from '../../worker/protocol/results';
import { epochRows } from '../charts/epochRows';
import { COMPENSATION_LOOKS, METHOD_LOOKS } from '../parts/methods';

type Source = Readonly<Record<string, Cell>>;

/** Of a network that is not taken along there is no such size. */
const known = (value: number): Cell => (Number.isNaN(value) ? null : value);

/** "synthetic 32", for file names. */
const dataName = ({ dataset }: Opened): string => `${dataset.ref} ${dataset.size}`;

/** Where figures of the network on the bench come from, on `n` tiles of a part. */
function sourceOf({ nets, dataset, split, seed }: Opened, n: number, part = 'validation'): Source {
  return {
    model: nets.main.title,
    data: dataset.title,
    split: part,
    n,
    'split seed': split.seed,
    seed,
  };
}

const settingOf = ({ method, compensation }: CurveName): Source => ({ method, compensation });

/** How units in several blocks are ranked. */
const wayOf = ({ ranking, unit }: Sheet): Source =>
  ranking === null
    ? {}
    : {
        ranked:
          ranking === 'network' ? 'all blocks together' : `in each ${unit === 'filter' ? 'layer' : 'block'}`,
      };

/** "L2, compensation none". */
const curveTitle = ({ method, compensation }: CurveName): string =>
  `${METHOD_LOOKS[method].name}, compensation ${COMPENSATION_LOOKS[compensation].name.toLowerCase()}`;

/** All curves, shown or not: a row for each number of removed units that was measured. */
export function curveTable(sheet: Sheet, opened: Opened): Table {
  const { unit, units, stops, params, bytes, exported, macs, tiles, curves } = sheet;
  return {
    name: `curve ${dataName(opened)}`,
    title: `Validation accuracy against the share of ${unitsName(unit)} removed`,
    columns: [
      `${unitWords(unit).short}s removed`,
      'removed (share)',
      'parameters',
      'stored here (bytes)',
      'exported (bytes)',
      'multiply-adds',
      ...curves.map((curve) => `accuracy (share): ${curveTitle(curve)}`),
    ],
    rows: Array.from(stops, (removed) => {
      const kept = units - removed;
      return [
        removed,
        removed / units,
        params[kept],
        bytes[kept],
        known(exported[kept]),
        macs[kept],
        ...curves.map(({ accuracy }) => accuracy[0][kept]),
      ];
    }),
    source: { ...sourceOf(opened, tiles), ...wayOf(sheet) },
  };
}

/** The epochs of a fine-tuning; epoch 0 is the pruned network before it. */
export function finetuneTable(
  facts: { readonly baseline: number; readonly accuracy: number },
  epochs: readonly EpochRecord[],
  setting: Setting,
  sheet: Sheet,
  opened: Opened,
): Table {
  return {
    name: `fine-tuning ${dataName(opened)} ${setting.method} ${setting.removed} removed`,
    title: 'Validation accuracy by epoch of fine-tuning',
    ...epochRows(facts.accuracy, epochs),
    source: {
      ...sourceOf(opened, sheet.tiles),
      ...settingOf(setting),
      [`${unitWords(sheet.unit).short}s removed`]: setting.removed,
      trains: sheet.unit === 'neuron' ? setting.scope : 'network',
      ...wayOf(sheet),
      'accuracy unpruned (share)': facts.baseline,
    },
  };
}

/** What the model card compares: a row for each form of the network. Sizes are those of the extracted one. */
export function numbersTable(
  sheet: Sheet,
  curve: SheetCurve,
  { removed, scope }: Setting,
  tuned: Finetuned | null,
  opened: Opened,
): Table {
  const figures = (name: string, { kept, accuracy, agreement, error }: Omit<Point, keyof Sizes>): Cell[] => [
    name,
    accuracy,
    agreement,
    error,
    kept,
    sheet.params[kept],
    sheet.bytes[kept],
    known(sheet.exported[kept]),
    sheet.macs[kept],
  ];
  const now = pointOf(sheet, curve, removed);
  return {
    name: `before and after ${dataName(opened)} ${curve.method} ${removed} removed`,
    title: `Before and after: ${removed} of ${sheet.units} ${unitsName(sheet.unit)} removed`,
    columns: [
      'network',
      'accuracy (share)',
      'same answer at all turns (share)',
      'equivariance error',
      unitsName(sheet.unit),
      'parameters',
      'stored here (bytes)',
      'exported (bytes)',
      'multiply-adds',
    ],
    rows: [
      figures('whole', pointOf(sheet, curve, 0)),
      figures('pruned', now),
      ...(tuned
        ? [figures(`fine-tuned (${sheet.unit === 'neuron' ? scope : 'network'})`, { ...now, ...tuned })]
        : []),
    ],
    source: { ...sourceOf(opened, sheet.tiles), ...settingOf(curve) },
  };
}

type Sizes = Pick<Point, 'params' | 'bytes' | 'exported' | 'macs'>;

export interface Turned {
  readonly name: string;
  /** Accuracy at the four turns, now and with nothing removed. */
  readonly now: readonly number[] | null;
  readonly before: readonly number[] | null;
  readonly changed: number;
  readonly undecided: number;
}

/** The rotation check: a row for each network that there is. */
export function rotationTable(
  series: readonly Turned[],
  setting: Setting,
  sheet: Sheet,
  opened: Opened,
): Table {
  const turns = [0, 90, 180, 270];
  return {
    name: `turned ${dataName(opened)} ${setting.method} ${setting.removed} removed`,
    title: 'Accuracy when the same tiles are turned',
    columns: [
      'network',
      ...turns.map((degrees) => `accuracy at ${degrees} degrees (share)`),
      ...turns.map((degrees) => `accuracy at ${degrees} degrees before pruning (share)`),
      'changed answers (tiles)',
      'too close to call (tiles)',
    ],
    rows: series
      .filter(({ now }) => now !== null)
      .map(({ name, now, before, changed, undecided }) => [
        name,
        ...now!,
        ...(before ?? turns.map(() => null)),
        changed,
        undecided,
      ]),
    source: {
      ...sourceOf(opened, sheet.tiles),
      ...settingOf(setting),
      [`${unitWords(sheet.unit).short}s removed`]: setting.removed,
      ...wayOf(sheet),
    },
  };
}

/** The number of a unit's block, or the names of its layers. */
function layerNamed({ layers, makers }: Sheet, unit: number): Cell {
  const layer = layerOf(layers, unit);
  return makers ? makers[layer].join(' + ') : layer + 1;
}

/** The neurons in the order in which they go, with what each speaks for. */
export function neuronsTable(sheet: Sheet, curve: SheetCurve, opened: Opened): Table {
  const { unit: kind, units, dead, neurons, statisticsTiles } = sheet;
  const { weights } = neurons;
  const classes = weights ? opened.nets.main.classes : [];
  return {
    name: `neurons ${dataName(opened)} ${curve.method}`,
    title: `${capital(unitsName(kind))} in the order in which they go`,
    columns: [
      'goes as number',
      ...(sheet.layers.length > 1 ? [sheet.makers ? 'layer' : 'block'] : []),
      unitWords(kind).short,
      `saliency (${curve.method})`,
      'dead',
      'mean activation',
      'variance of the activation',
      ...classes.map((name) => `output weight: ${name}`),
    ],
    rows: Array.from({ length: units }, (_, at) => {
      const unit = curve.order[units - 1 - at];
      return [
        at + 1,
        ...(sheet.layers.length > 1 ? [layerNamed(sheet, unit)] : []),
        unit,
        curve.saliency[unit],
        dead[unit] === 1,
        neurons.mean[unit],
        neurons.variance[unit],
        ...classes.map((_, label) => weights![unit * classes.length + label]),
      ];
    }),
    source: { ...sourceOf(opened, statisticsTiles, 'training'), ...settingOf(curve) },
  };
}
