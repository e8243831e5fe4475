/** `evaluate --report <dir>`: a report with CSV files, from the logits that the check has computed. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { sameClasses } from '../../src/lab/data/tiles';
import { BadInput } from '../../src/lab/errors';
import {
  type ClassReport,
  classReport,
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
} from '../../src/lab/evaluate/report/document';
import { reportFiles, reportNames } from '../../src/lab/evaluate/report/files';
import type { Measured } from '../../src/lab/evaluate/report/measure';
import { logitsAt } from '../../src/lab/evaluate/rotation';
import type { AnyModel } from '../../src/lab/nn/model';
import { plain, plainNames } from '../../src/lab/plain';
import { isFolder, requirePlaceFor, writeAtomically } from '../node/files';
import { runStage } from '../node/runStage';
import { columns } from '../node/table';
import type { OutputOptions } from '../work';

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
  for (const name of reportNames(before !== undefined)) await requirePlaceFor(path.join(report, name));
}

/** Whether a place, which need not be there yet, is a folder or lies in it; links are followed. */
function isWithin(place: string, folder: string): boolean {
  let there = path.resolve(place);
  while (!existsSync(there)) there = path.dirname(there);
  const way = path.relative(realpathSync(folder), realpathSync(there));
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
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
  const labels = Array.from(tiles, (i) => dataset.labels[i]);
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
  for (const { name, text } of reportFiles(report, facts, data))
    await writeAtomically(path.join(folder, name), text);
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
