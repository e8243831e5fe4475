/** `evaluate --report <dir>`: a report with CSV files, from the logits that the check has computed. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { csvOf } from '../../src/lab/csv';
import type { Dataset } from '../../src/lab/data/dataset';
import { sameClasses } from '../../src/lab/data/tiles';
import { BadInput } from '../../src/lab/errors';
import {
  type ClassReport,
  classReport,
  UNSURE,
  unsureTiles,
  wrongTiles,
} from '../../src/lab/evaluate/report/classReport';
import { compareReports } from '../../src/lab/evaluate/report/compare';
import {
  type Before,
  beforeLine,
  beforeRows,
  calibrationLines,
  classRows,
  type ReportFacts,
  reportMarkdown,
} from '../../src/lab/evaluate/report/document';
import {
  changeTable,
  classTable,
  confusionTable,
  reliabilityTable,
  tileTable,
} from '../../src/lab/evaluate/report/tables';
import { logitsAt, QUARTERS } from '../../src/lab/evaluate/rotation';
import type { AnyModel } from '../../src/lab/nn/model';
import { plain, plainNames } from '../../src/lab/plain';
import { isFolder, requirePlaceFor, writeAtomically } from '../node/files';
import { runStage } from '../node/runStage';
import { columns } from '../node/table';
import type { OutputOptions } from '../work';

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

export interface ReportOptions extends OutputOptions {
  readonly report?: string;
  readonly before?: string;
  readonly unsure?: number;
}

/** Throws `BadInput` where the report cannot be written or the options do not fit: before anything is computed. */
export async function requireReport(options: ReportOptions, data: string): Promise<void> {
  const { report, unsure, before } = options;
  if (before !== undefined && report === undefined)
    throw new BadInput(
      '--before says what a report compares with: give --report <folder> too, or leave it out.',
    );
  if (unsure !== undefined && report === undefined)
    throw new BadInput(
      '--unsure says which tiles a report lists: give --report <folder> too, or leave it out.',
    );
  if (unsure !== undefined && !(unsure >= 0 && unsure <= 1))
    throw new BadInput(`--unsure needs a probability from 0 to 1, not ${unsure}.`);
  if (report === undefined) return;
  if (isFolder(data) && isWithin(report, data))
    throw new BadInput(
      `"${plain(report)}" lies in the folder that the tiles are read from, where its lists would be taken for theirs: name another place for the report.`,
    );
  for (const name of [
    'report.md',
    ...FILES.map(([file]) => file),
    ...(before === undefined ? [] : [CHANGES[0]]),
  ])
    await requirePlaceFor(path.join(report, name));
}

/** Whether a place, which need not be there yet, is a folder or lies in it; links are followed. */
function isWithin(place: string, folder: string): boolean {
  let there = path.resolve(place);
  while (!existsSync(there)) there = path.dirname(there);
  const way = path.relative(realpathSync(folder), realpathSync(there));
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

export interface Measured {
  readonly model: AnyModel;
  readonly dataset: Dataset;
  readonly tiles: Uint32Array;
  /** Absent where no split was made. */
  readonly validation: Uint32Array | undefined;
  /** By degrees, upright at least. */
  readonly logits: ReadonlyMap<number, Float32Array>;
  readonly part: ReportFacts['part'];
}

/** The report of one part. Validation tiles go through the network only where they are not the part itself. */
export async function measureReport(measured: Measured, options: ReportOptions): Promise<ClassReport> {
  const { model, dataset, tiles, validation, logits, part } = measured;
  const labelsOf = (indices: Uint32Array) => Uint8Array.from(indices, (i) => dataset.labels[i]);
  const chooses = validation && {
    logits:
      part === 'val' ? logits.get(0)! : await runStage(logitsAt(model, dataset, validation, 0), options),
    labels: labelsOf(validation),
  };
  return classReport({
    classes: model.classes,
    keys: Array.from(tiles, (i) => dataset.keys[i]),
    labels: labelsOf(tiles),
    logits: QUARTERS.flatMap((degrees) => logits.get(degrees) ?? []),
    ...(chooses && { validation: chooses }),
    unsureBelow: options.unsure ?? UNSURE,
  });
}

/**
 * The network before a step, on the same tiles as the report. Throws `BadInput` for one that cannot read them as they are.
 *
 * @param name what the network is called in words.
 */
export async function measureBefore(
  name: string,
  before: AnyModel,
  { model, dataset, tiles }: Pick<Measured, 'model' | 'dataset' | 'tiles'>,
  report: ClassReport,
  options: OutputOptions,
): Promise<Before> {
  const labels = Uint8Array.from(tiles, (i) => dataset.labels[i]);
  const was = classReport({
    classes: model.classes,
    keys: report.tiles.map(({ key }) => key),
    labels,
    logits: [await runStage(logitsAt(before, dataset, tiles, 0), options)],
    unsureBelow: report.unsureBelow,
  });
  return { network: name, report: was, comparison: compareReports(was, report) };
}

/** Throws `BadInput` unless two networks read the same tiles and tell the same classes apart. */
export function requireComparable(before: AnyModel, model: AnyModel): void {
  if (!sameClasses(before.classes, model.classes))
    throw new BadInput(
      `The network before tells other classes apart (${plainNames(before.classes).join(', ')}): give one of the same classes.`,
    );
  const [was, is] = [before.arch.input, model.arch.input];
  if (
    was.size !== is.size ||
    was.channels !== is.channels ||
    JSON.stringify(was.bands) !== JSON.stringify(is.bands)
  )
    throw new BadInput(
      `The network before reads ${was.size}×${was.size} pixels in ${was.channels} channels, this one ${is.size}×${is.size} in ${is.channels}, or other bands: give two that read the same tiles.`,
    );
}

/** Writes report and tables into the folder, each file whole. */
export async function writeReport(
  folder: string,
  report: ClassReport,
  facts: Omit<ReportFacts, 'files'>,
  data: string,
): Promise<void> {
  const source = { model: facts.network, data, part: facts.part, n: report.n };
  const tables = [
    confusionTable(report, source),
    classTable(report, source),
    reliabilityTable(report, source),
    tileTable(report, source, QUARTERS.slice(1)),
  ];
  const { before } = facts;
  if (before) tables.push(changeTable(report, before.comparison, { ...source, before: before.network }));
  const files = before ? [...FILES, CHANGES] : FILES;
  for (const [i, [name]] of files.entries()) await writeAtomically(path.join(folder, name), csvOf(tables[i]));
  await writeAtomically(path.join(folder, 'report.md'), reportMarkdown(report, { ...facts, files }));
}

/** What `--json` carries of it: all but the tiles, which are in `tiles.csv`. */
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

/** The short table of the terminal. */
export function reportLines(
  report: ClassReport,
  part: ReportFacts['part'],
  folder: string,
  before?: Before,
): string[] {
  return [
    '',
    ...columns(tableOf(classRows(report))),
    '',
    ...calibrationLines(report, part),
    ...(before ? ['', ...columns(tableOf(beforeRows(report, before))), beforeLine(before)] : []),
    `${wrongTiles(report).length} wrong, ${unsureTiles(report).length} unsure; the report is in ${path.join(folder, 'report.md')}`,
  ];
}

const tableOf = ([head, rows]: readonly [string[], string[][]]): string[][] => [head, ...rows];
