/** The report in words and tables, as Markdown. */
import { figureLines, markdownTable } from '../../markdown';
import { plain, plainNames } from '../../plain';
import { type ClassReport, type Reliability, type TileAnswer, unsureTiles, wrongTiles } from './classReport';
import type { Comparison } from './compare';
import { mistakesOf, rowShares } from './confusion';

/** The network before the step, on the same tiles. */
export interface Before {
  readonly network: string;
  readonly report: ClassReport;
  readonly comparison: Comparison;
}

export interface ReportFacts {
  readonly network: string;
  /** "27 test tiles of EuroSAT". */
  readonly tiles: string;
  /** What readers must know before the figures: that the network has learnt from these tiles. */
  readonly notes: readonly string[];
  /** The part that the figures are of. */
  readonly part: 'train' | 'val' | 'test' | 'all';
  /** Absent where nothing is compared. */
  readonly before?: Before | undefined;
  /** The CSV files beside. */
  readonly files: readonly (readonly [name: string, holds: string])[];
}

/** With more classes the confusion has too many columns to be read here. */
const MOST_COLUMNS = 20;
const MOST_MISTAKES = 10;
const MOST_TILES = 20;

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const orUndefined = (share: number | null): string =>
  share === null ? 'not defined' : percent(share);

/** Ends with a line break. */
export function reportMarkdown(
  report: ClassReport,
  { network, tiles, notes, part, before, files }: ReportFacts,
): string {
  const { accuracy, interval, classes, confusion } = report;
  const names = plainNames(classes);
  const [wrong, unsure] = [wrongTiles(report), unsureTiles(report)];
  return `${[
    `# What ${plain(network)} is right and wrong about`,
    '',
    `${plain(tiles)}.`,
    ...notes.flatMap((note) => ['', note]),
    '',
    `Accuracy **${percent(accuracy)}** (95 % interval ${percent(interval[0])} to ${percent(interval[1])}).`,
    '',
    ...(before ? beforeSection(report, before) : []),
    '## Class by class',
    '',
    ...figureLines(...classRows(report)),
    '',
    'Precision: the share of a class’s answers that are right. Recall: the share of its tiles that are answered rightly. F1: the harmonic mean of both. The last row is the mean of the figures that are defined.',
    '',
    '## Which class is taken for which',
    '',
    ...(classes.length <= MOST_COLUMNS
      ? [
          ...figureLines(['class \\ answer', ...names], confusionRows(report, names)),
          '',
          'Tiles, and in brackets their share of the class.',
        ]
      : [`Tiles by class and answer, ${classes.length} × ${classes.length}, stand in \`confusion.csv\`.`]),
    ...mistakeLines(confusion, names),
    '',
    '## Can its probabilities be believed?',
    '',
    ...calibrationLines(report, part),
    '',
    ...binLines('As the network says them', report.calibration.asIs),
    ...(report.calibration.atTemperature
      ? binLines('At the temperature', report.calibration.atTemperature)
      : []),
    `## Wrong tiles: ${wrong.length}`,
    '',
    ...tileLines(wrong, names, 'the surest first'),
    `## Unsure tiles: ${unsure.length}`,
    '',
    `The probability of the answer is below ${percent(report.unsureBelow)}.`,
    '',
    ...tileLines(unsure, names, 'the least sure first'),
    '## Files beside',
    '',
    markdownTable(['file', 'what it holds'], files),
  ].join('\n')}\n`;
}

/** The short form, for the README of an exported network: no headings, no tiles. */
export function figuresMarkdown(report: ClassReport, tiles: string, part: ReportFacts['part']): string {
  return [
    `Measured on ${plain(tiles)}: accuracy **${percent(report.accuracy)}** (95 % interval ${percent(report.interval[0])} to ${percent(report.interval[1])}).`,
    '',
    ...figureLines(...classRows(report)),
    ...mistakeLines(report.confusion, plainNames(report.classes)),
    '',
    calibrationLines(report, part).join(' '),
  ].join('\n');
}

/** Head and rows of the figures by class, and their means. */
export function classRows({
  classes,
  perClass,
  macro,
}: Pick<ClassReport, 'classes' | 'perClass' | 'macro'>): [head: string[], rows: string[][]] {
  const names = plainNames(classes);
  return [
    ['class', 'tiles', 'answered', 'precision', 'recall', 'F1'],
    [
      ...perClass.map(({ n, answered, precision, recall, f1 }, c) => [
        names[c],
        String(n),
        String(answered),
        ...[precision, recall, f1].map(orUndefined),
      ]),
      ['mean of classes', '', '', ...[macro.precision, macro.recall, macro.f1].map(orUndefined)],
    ],
  ];
}

/** Head and rows of what the step changed, class by class. */
export function beforeRows(
  { classes, accuracy }: ClassReport,
  { report, comparison }: Before,
): [head: string[], rows: string[][]] {
  const names = plainNames(classes);
  return [
    ['recall', 'before', 'after'],
    [
      ...comparison.recall.map(({ before, after }, c) => [names[c], orUndefined(before), orUndefined(after)]),
      ['all tiles (accuracy)', percent(report.accuracy), percent(accuracy)],
    ],
  ];
}

/** What the step won and lost, in a sentence. */
export function beforeLine({ network, comparison: { gained, lost, p, changes } }: Before): string {
  const others = changes.length - gained - lost;
  return `Against ${plain(network)}: ${gained} tiles gained, ${lost} lost, ${others} wrong as another class; p = ${p.toPrecision(2)} (McNemar’s test, mid-p).`;
}

function beforeSection(report: ClassReport, before: Before): string[] {
  const { error } = before.report.calibration.asIs;
  return [
    '## Before and after',
    '',
    beforeLine(before),
    '',
    ...figureLines(...beforeRows(report, before)),
    '',
    `Expected calibration error: ${percent(error)} before, ${percent(report.calibration.asIs.error)} after. The tiles with another answer are in \`changes.csv\`.`,
    '',
  ];
}

/** Sentences: how far probabilities and accuracy are apart, and what a temperature changes. */
export function calibrationLines({ calibration }: ClassReport, part: ReportFacts['part']): string[] {
  const { asIs, temperature, atTemperature, loss } = calibration;
  const first = `Expected calibration error ${percent(asIs.error)}, cross-entropy ${loss.toFixed(4)}.`;
  if (!temperature || !atTemperature)
    return [first, 'No temperature: there are no validation tiles to choose it by.'];
  const { value, tiles, atEdge } = temperature;
  const at = `temperature ${value.toFixed(3)}${atEdge ? ', the end of the range that is searched' : ''}`;
  const own = part === 'val' ? ' These are the tiles that chose it, so this flatters it.' : '';
  return [
    first,
    `At ${at}, chosen by ${tiles} validation tiles: ${percent(atTemperature.error)}, cross-entropy ${atTemperature.loss.toFixed(4)}. No answer changes.${own}`,
  ];
}

function confusionRows({ confusion }: ClassReport, names: readonly string[]): string[][] {
  const shares = rowShares(confusion);
  return confusion.map((row, c) => [
    names[c],
    ...row.map((count, answer) => {
      const share = shares[c][answer];
      return count === 0 || share === null ? '·' : `${count} (${percent(share)})`;
    }),
  ]);
}

function mistakeLines(confusion: ClassReport['confusion'], names: readonly string[]): string[] {
  const mistakes = mistakesOf(confusion).slice(0, MOST_MISTAKES);
  if (mistakes.length === 0) return ['', 'No tile is taken for another class.'];
  const rows = mistakes.map(({ truth, answer, tiles }) => [names[truth], names[answer], String(tiles)]);
  return ['', 'Most often:', '', markdownTable(['class', 'taken for', 'tiles'], rows)];
}

function binLines(title: string, { bins }: Reliability): string[] {
  const rows = bins
    .filter(({ tiles }) => tiles > 0)
    .map(({ from, to, tiles, confidence, accuracy }) => [
      `${percent(from)} to ${percent(to)}`,
      String(tiles),
      orUndefined(confidence),
      orUndefined(accuracy),
    ]);
  return [`${title}:`, '', ...figureLines(['probability', 'tiles', 'mean probability', 'right'], rows), ''];
}

function tileLines(tiles: readonly TileAnswer[], names: readonly string[], order: string): string[] {
  if (tiles.length === 0) return [];
  const shown = tiles.slice(0, MOST_TILES);
  const rows = shown.map(({ key, truth, answer, probability, agrees }) => [
    plain(key),
    names[truth],
    names[answer],
    percent(probability),
    agrees === null ? '–' : agrees ? 'yes' : 'no',
  ]);
  const head = ['tile', 'class', 'answer', 'probability', 'same at all turns'];
  const rest = tiles.length > shown.length ? `; the others are in \`tiles.csv\`` : '';
  return [`${order[0].toUpperCase()}${order.slice(1)}${rest}.`, '', markdownTable(head, rows), ''];
}
