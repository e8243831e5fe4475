/** A section of a report as a plain value, to be saved. */
import type { Figure, Report, ReportRow, ReportSection } from '../../lab/reproduce/report';
import type { TaskReport } from '../../lab/tasks/report';
import type { Cell, Table } from '../../state/page/table';

/** A column that is one figure of the lab: its mean over the seeds, its standard deviation, and each seed's. */
interface Measured {
  readonly name: string;
  of(row: ReportRow): Figure | undefined;
}

const ACCURACY: Measured = { name: 'accuracy (share)', of: ({ lab }) => lab.accuracy };
const AGREEMENT: Measured = { name: 'same answer at all four turns (share)', of: ({ lab }) => lab.agreement };
const ALL: readonly Measured[] = [
  ACCURACY,
  { name: 'difference (share)', of: ({ lab }) => lab.paired?.difference },
  { name: 'mean accuracy over four turns (share)', of: ({ lab }) => lab.rotated },
  AGREEMENT,
  { name: 'time (s)', of: ({ lab }) => lab.seconds },
];

/** Every figure of a section: one row for each row, with the paper's and the reference's where there are any. */
export function sectionTable(report: Report, section: ReportSection): Table {
  return {
    ...named(report, section, '', `${report.title}: ${section.title}`),
    columns: [
      'row',
      ...ALL.flatMap(({ name }) => columnsOf(name, report)),
      ...['undecided', 'gained', 'lost', 'equivariance error'],
      ...['accuracy: 95 % from (share)', 'accuracy: 95 % to (share)'],
      ...['difference: 95 % from (share)', 'difference: 95 % to (share)'],
      ...['parameters', 'multiply-adds', 'bytes'],
      ...['paper: accuracy (share)', 'paper: size (MB)', 'reference: accuracy (share)'],
    ],
    rows: section.rows.map((row) => [
      row.label,
      ...ALL.flatMap(({ of }) => cellsOf(of(row), report)),
      ...[row.lab.undecided, row.lab.paired?.gained ?? null, row.lab.paired?.lost ?? null, row.lab.error],
      ...(row.lab.interval ?? [null, null]),
      ...(row.lab.paired?.interval ?? [null, null]),
      ...[row.lab.params, row.lab.macs, row.lab.bytes],
      ...[row.paper?.accuracy ?? null, row.paper?.megabytes ?? null, row.reference?.accuracy ?? null],
    ]),
  };
}

/** What one of a section's two charts is drawn from. */
export function chartTable(report: Report, section: ReportSection, which: 'accuracy' | 'agreement'): Table {
  const isAccuracy = which === 'accuracy';
  const { name, of } = isAccuracy ? ACCURACY : AGREEMENT;
  return {
    ...named(report, section, ` ${which}`, `${section.title}: ${name}`),
    columns: [
      'row',
      ...columnsOf(name, report),
      ...(isAccuracy ? ['paper (share)', 'reference (share)'] : []),
    ],
    rows: section.rows.map((row) => [
      row.label,
      ...cellsOf(of(row), report),
      ...(isAccuracy ? [row.paper?.accuracy ?? null, row.reference?.accuracy ?? null] : []),
    ]),
  };
}

/** Every measure of a task's rows: the means, the deviations and each seed's. */
export const taskTable = (report: TaskReport): Table => ({
  ...ofTask(report, 'measures', report.title),
  columns: ['row', ...report.measures.flatMap(({ label }) => columnsOf(shareOf(label), report))],
  rows: report.rows.map(({ label, figures }) => [
    label,
    ...report.measures.flatMap(({ id }) => cellsOf(figures[id], report)),
  ]),
});

/** A curve of a task's rows: the means over the seeds, a column for each row. */
export function curveTable(
  report: TaskReport,
  { id, label, along, from, step }: TaskReport['curves'][number],
): Table {
  return {
    ...ofTask(report, id, label),
    columns: [along, ...report.rows.map((row) => `${row.label} (share)`)],
    rows: report.rows[0].curves[id].mean.map((_, i) => [
      from + i * step,
      ...report.rows.map(({ curves }) => curves[id].mean[i]),
    ]),
  };
}

/** Labels say per cent; what is saved are shares. */
const shareOf = (label: string): string => label.replace(/, %/, ' (share)');

const ofTask = (
  { task, scale, command, made }: TaskReport,
  which: string,
  title: string,
): Pick<Table, 'name' | 'title' | 'source'> => ({
  ...{ name: `${task} ${scale} ${which}`, title: shareOf(title) },
  source: { split: 'test', command, made },
});

const columnsOf = (name: string, { seeds }: Pick<Report, 'seeds'>): string[] => [
  name,
  `${name}: sd`,
  ...seeds.map((seed) => `${name}: seed ${seed}`),
];

const cellsOf = (figure: Figure | undefined, { seeds }: Pick<Report, 'seeds'>): Cell[] => [
  figure?.mean ?? null,
  figure?.sd ?? null,
  ...seeds.map((_, i) => figure?.values[i] ?? null),
];

const named = (
  { table, scale, command, made }: Report,
  { id, data }: ReportSection,
  which: string,
  title: string,
): Pick<Table, 'name' | 'title' | 'source'> => ({
  name: `${table} ${scale} ${id}${which}`,
  title,
  source: { data: data.title, split: 'test', n: data.splits.test, command, made },
});
