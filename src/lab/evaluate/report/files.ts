/** The report as files: what the command line writes into a folder, and what the page hands out. */
import { csvOf } from '../../csv';
import { QUARTERS } from '../quarters';
import { type ClassReport, unsureTiles, wrongTiles } from './classReport';
import { type Before, type ReportFacts, reportMarkdown } from './document';
import { changeTable, classTable, confusionTable, reliabilityTable, tileTable } from './tables';

export const DOCUMENT = 'report.md';

const FILES = [
  ['confusion.csv', 'tiles by class and answer, and their shares of the class'],
  ['classes.csv', 'tiles, precision, recall and F1 of each class'],
  ['reliability.csv', 'how probable answers are said to be, and how often they are right'],
  [
    'tiles.csv',
    'each tile: its class, the answer, all probabilities, and the answers at the other quarter turns',
  ],
] as const;

const CHANGES = ['changes.csv', 'each tile with another answer than before'] as const;

const tableFiles = (isCompared: boolean) => (isCompared ? [...FILES, CHANGES] : FILES);

/** All names, the document's first. */
export const reportNames = (isCompared: boolean): string[] => [
  DOCUMENT,
  ...tableFiles(isCompared).map(([name]) => name),
];

export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The tables and, last, the document.
 *
 * @param data what the tiles are called in the tables.
 */
export function reportFiles(
  report: ClassReport,
  facts: Omit<ReportFacts, 'files'>,
  data: string,
): ReportFile[] {
  const { before, network, part } = facts;
  const source = { model: network, data, part, n: report.n };
  const tables = [
    confusionTable(report, source),
    classTable(report, source),
    reliabilityTable(report, source),
    tileTable(report, source, QUARTERS.slice(1)),
    ...(before ? [changeTable(report, before.comparison, { ...source, before: before.network })] : []),
  ];
  const files = tableFiles(before !== undefined);
  return [
    ...tables.map((table, i) => ({ name: files[i][0], text: csvOf(table) })),
    { name: DOCUMENT, text: reportMarkdown(report, { ...facts, files }) },
  ];
}

/** The figures as one value: all but the tiles, which are in `tiles.csv`. */
export function reportJson(report: ClassReport, before?: Before) {
  const { classes, accuracy, interval, macro, confusion, perClass, calibration, unsureBelow } = report;
  return {
    accuracy,
    interval,
    macro,
    confusion,
    perClass: perClass.map((figures, c) => ({ class: classes[c], ...figures })),
    calibration,
    wrong: wrongTiles(report).length,
    unsure: { below: unsureBelow, n: unsureTiles(report).length },
    ...(before && { before: beforeJson(before, classes) }),
  };
}

function beforeJson({ network, report, comparison }: Before, classes: readonly string[]) {
  const { changes, recall, ...figures } = comparison;
  return {
    network,
    accuracy: report.accuracy,
    ...figures,
    changed: changes.length,
    recall: recall.map((each, c) => ({ class: classes[c], ...each })),
  };
}
