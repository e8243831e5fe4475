/** A report as Markdown: what is in the JSON, for reading. */
import { figureLines } from '../markdown';
import { cellTables } from './cellWords';
import { formatSignedSpread, formatSpread, share, tilePoints, whole } from './format';
import type { Figure, Printed, Report, ReportRow, ReportSection } from './report';
import { beyondReach, gridTable, TAKES_NOTE, takesTable } from './takes';

/** `charts`: the file name of each section's chart, by the section's id. */
export function markdownOf(report: Report, charts: ReadonlyMap<string, string>): string {
  const { title, scale, seeds, environment, wallSeconds, command, definitions = [] } = report;
  const load = environment.load?.map((value) => value.toFixed(1)).join(' … ');
  return [
    `# ${title}`,
    '',
    `Scale ${scale}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}. Made on ${report.made.slice(0, 10)} by`,
    '',
    '```sh',
    command,
    '```',
    '',
    `Backend ${environment.backend}; ${environment.hardware}; ${environment.software}; ${duration(wallSeconds)} from start to end` +
      `${load ? `; load average of the machine meanwhile ${load} (above its cores it did other work too, and seconds say little)` : ''}.`,
    '',
    'Accuracies are in per cent, of the test tiles: the test part chose nothing (epochs and settings were chosen on ' +
      'validation tiles). ± is the sample standard deviation over seeds, which vary initial weights, shuffling and ' +
      'dropout; the split is one and the same.',
    '',
    ...report.sections.flatMap((section) => sectionLines(section, charts.get(section.id))),
    '## What the verdicts mean',
    '',
    ...definitions.map((definition) => `- ${definition}`),
    '',
    '## Settings',
    '',
    ...Object.entries(report.recipes).map(([id, recipe]) => `- \`${id}\`: \`${JSON.stringify(recipe)}\``),
    '',
  ].join('\n');
}

function sectionLines(section: ReportSection, chart: string | undefined): string[] {
  const { title, notes = [], data, rows } = section;
  const { train, val, test } = data.splits;
  return [
    `## ${title}`,
    '',
    `${data.title}, ${data.size}×${data.size}: ${whole(train)} training, ${whole(val)} validation and ${whole(test)} test ` +
      `tiles; one test tile is ${tilePoints(test)} points. Hash of the tiles ${data.hash}; of the parts ` +
      `${data.parts.train}, ${data.parts.val}, ${data.parts.test} (the lists: splits.json).`,
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    ...(chart
      ? [`![${title}: accuracy and agreement of every row, with the paper's figures](${chart})`, '']
      : []),
    ...figureLines(
      ['', 'paper', 'reference', 'lab', 'difference', 'gained / lost', 'turned', 'agreement', 'undecided'],
      rows.map((row) => accuracyCells(row)),
    ),
    '',
    ...figureLines(
      [
        '',
        'parameters',
        'multiply-adds',
        'bytes',
        'of the baseline',
        'paper: MB, saved',
        'equivariance error',
        'seconds',
      ],
      rows.map((row) => costCells(row, rows.find(({ id }) => id === section.baseline)!)),
    ),
    '',
    ...discrepancyLines(rows),
    ...findingLines(section),
    ...rows.map(({ label, verdict }) => `- **${label}.** ${verdict.sentence}`),
    '',
    ...takesLines(section),
    ...cellLines(section),
    ...notesOfRows(rows),
  ];
}

const HOLDS = { true: 'Holds here.', false: 'Does not hold here.', null: 'Cannot be told here.' } as const;

/** R of each kind, where the rows were asked for it. */
function discrepancyLines(rows: readonly ReportRow[]): string[] {
  const known = rows.flatMap(({ label, lab: { discrepancies } }) =>
    discrepancies ? [{ label, discrepancies }] : [],
  );
  if (known.length === 0) return [];
  const cell = (figure: Figure | null) =>
    figure === null
      ? '–'
      : `${figure.mean.toPrecision(3)}${figure.sd === null ? '' : ` ± ${figure.sd.toPrecision(2)}`}`;
  return [
    ...figureLines(
      ['distance from equivariant, R', 'of the logits', 'of the features', 'of the weights'],
      known.map(({ label, discrepancies: { logits, features, weights } }) => [
        label,
        ...[logits, features, weights].map(cell),
      ]),
    ),
    '',
  ];
}

/** What follows from a study, or from an order. */
function findingLines({ findings = [] }: ReportSection): string[] {
  const lines = findings.map(
    ({ title, reproduces, sentence }) => `- **${title}.** ${HOLDS[`${reproduces}`]} ${sentence}`,
  );
  return lines.length > 0 ? [...lines, ''] : [];
}

/** Intervals, and what it would take; nothing in a report made before there was such. */
function takesLines(section: ReportSection): string[] {
  const takes = takesTable(section);
  if (!takes) return [];
  const grid = gridTable(section);
  const beyond = beyondReach(section);
  return [
    ...[`### ${takes.title}`, '', ...figureLines(takes.head, takes.rows), '', TAKES_NOTE, ''],
    ...(beyond ? [beyond, ''] : []),
    ...(grid
      ? [
          `<details><summary>${grid.title}</summary>`,
          '',
          ...figureLines(grid.head, grid.rows),
          '',
          '</details>',
          '',
        ]
      : []),
  ];
}

/** Every cell of it. */
function cellLines(section: ReportSection): string[] {
  return cellTables(section).flatMap(({ title, head, rows }) => [
    `### ${title}`,
    '',
    ...figureLines(head, rows),
    '',
  ]);
}

function accuracyCells({ label, paper, reference, lab }: ReportRow): string[] {
  return [
    label,
    printed(paper?.accuracy),
    printed(reference?.accuracy),
    formatSpread(lab.accuracy),
    lab.paired ? formatSignedSpread(lab.paired.difference) : '–',
    lab.paired ? `${lab.paired.gained} / ${lab.paired.lost}` : '–',
    formatSpread(lab.rotated),
    formatSpread(lab.agreement),
    String(lab.undecided),
  ];
}

function costCells({ label, paper, lab }: ReportRow, baseline: ReportRow): string[] {
  return [
    label,
    whole(lab.params),
    whole(lab.macs),
    whole(lab.bytes),
    lab === baseline.lab ? '–' : share(lab.bytes / baseline.lab.bytes),
    printedSize(paper),
    lab.error.toExponential(1),
    lab.seconds.mean.toFixed(0),
  ];
}

/** With the decimals it was printed with. */
const printed = (value: number | undefined) =>
  value === undefined ? '–' : String(Number((100 * value).toFixed(2)));

function printedSize(paper: Printed | null): string {
  if (paper?.megabytes === undefined) return '–';
  const reduction = paper.reduction === undefined ? '' : `, ${share(paper.reduction)}`;
  return `${paper.megabytes.toFixed(2)}${reduction}`;
}

function notesOfRows(rows: readonly ReportRow[]): string[] {
  const lines = rows.flatMap(({ label, paper, reference, remarks }) => [
    ...(paper?.note ? [`- ${label}, paper: ${paper.note}`] : []),
    ...(reference?.note ? [`- ${label}, reference: ${reference.note}`] : []),
    ...remarks.map((remark) => `- ${label}: ${remark}`),
  ]);
  return ['<details><summary>Notes on the rows</summary>', '', ...lines, '', '</details>', ''];
}

/** `90 seconds`, `12 minutes`. */
export function duration(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(0)} seconds` : `${(seconds / 60).toFixed(0)} minutes`;
}
