/** What the Paper view says of a report, as functions of its figures. */
import { points, tilePoints } from '../../lab/reproduce/format';
import type { Figure, Report, ReportRow, ReportSection } from '../../lab/reproduce/report';
import { bytes, count, percent, whole } from './format';

/** Per cent: "66.2 ± 1.4 (n = 3)", of one seed "66.2 (n = 1)". */
export function spread({ mean, sd, values }: Figure): string {
  return `${points(mean)}${sd === null ? '' : ` ± ${points(sd)}`} (n\u00a0=\u00a0${values.length})`;
}

/** With its sign: "+1.2 ± 0.3". */
export function signed({ mean, sd }: Pick<Figure, 'mean' | 'sd'>): string {
  return `${mean < 0 ? '−' : '+'}${points(Math.abs(mean))}${sd === null ? '' : ` ± ${points(sd)}`}`;
}

/** The columns of a section's table. */
export const HEADS = [
  'Accuracy in %',
  'Paper',
  'Reference',
  'Lab',
  'Difference',
  'Gained / lost',
  'Turned',
  'Agreement',
  'Undecided',
  'Size',
  'Paper: size',
] as const;

/** One row under `HEADS`; differences are taken against the section's baseline on the same tiles. */
export function rowCells({ label, paper, reference, lab }: ReportRow, { data }: ReportSection): string[] {
  const { accuracy, paired, rotated, agreement, undecided } = lab;
  const answers = data.splits.test * accuracy.values.length;
  return [
    label,
    printed(paper?.accuracy),
    printed(reference?.accuracy),
    spread(accuracy),
    paired ? signed(paired.difference) : '–',
    paired ? `${paired.gained} / ${paired.lost}` : '–',
    points(rotated.mean),
    points(agreement.mean),
    `${whole(undecided)} of ${whole(answers)}`,
    bytes(lab.bytes),
    printedSize(paper),
  ];
}

const printed = (share: number | undefined): string => (share === undefined ? '–' : points(share));

function printedSize(paper: ReportRow['paper']): string {
  if (paper?.megabytes === undefined) return '–';
  const saved = paper.reduction === undefined ? '' : `, −${percent(paper.reduction)}`;
  return `${paper.megabytes.toFixed(2)}\u00a0MB${saved}`;
}

/** "Original: 66.2 %, in the paper 97.4 %." */
export function accuracyInWords({ label, lab, paper }: ReportRow): string {
  const inPaper = paper?.accuracy === undefined ? '' : `, in the paper ${percent(paper.accuracy)}`;
  return `${label}: ${percent(lab.accuracy.mean)}${inPaper}.`;
}

/** The tiles of a section, and what one of them is worth. */
export function sectionSentence({ data, baseline, rows }: ReportSection): string {
  const against = rows.find(({ id }) => id === baseline)?.label ?? baseline;
  const { train, val, test } = data.splits;
  return `${data.title}, ${data.size}×${data.size}: ${whole(train)} training, ${whole(val)} validation and ${count(test, 'test tile')}; one test tile is ${tilePoints(test)} points. ± is the standard deviation over seeds. Differences are paired: seed by seed on the same test tiles, against “${against}”.`;
}

export function madeSentence({ scale, seeds, made, environment }: Report): string {
  const load = environment.load?.map((value) => value.toFixed(1)).join(' to ');
  const beside = load ? `, load average ${load}` : '';
  return `Scale ${scale}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}, made on ${made.slice(0, 10)} with ${environment.backend}${beside}. Test tiles chose nothing.`;
}
