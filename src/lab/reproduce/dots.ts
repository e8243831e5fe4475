/** What the charts of a report's section show: a row of figures for each of its rows, as plain values. */
import { share, whole } from './format';
import type { ReportRow, ReportSection } from './report';

/** Shares, 0 … 1. */
export interface DotRow {
  readonly id: string;
  readonly label: string;
  /** Over the seeds, and of each seed. */
  readonly mean: number;
  readonly values: readonly number[];
  /** 95 %, for other tiles and seeds, where the report knows it. */
  readonly interval?: readonly [number, number] | undefined;
  /** Printed figures, where there are any. */
  readonly paper?: number;
  readonly reference?: number;
}

/** Test accuracy of each row, beside the paper's and the reference's. */
export const accuracyDots = ({ rows }: ReportSection): DotRow[] =>
  rows.map(({ id, label, lab: { accuracy, interval }, paper, reference }) => ({
    ...{ id, label, mean: accuracy.mean, values: accuracy.values },
    ...(interval && { interval }),
    ...{ paper: paper?.accuracy, reference: reference?.accuracy },
  }));

/** Share of the decided test tiles with the same answer at all four turns; nobody else printed it. */
export const agreementDots = ({ rows }: ReportSection): DotRow[] =>
  rows.map(({ id, label, lab: { agreement } }) => ({
    ...{ id, label, mean: agreement.mean, values: agreement.values },
  }));

/** What is drawn, of which tiles. */
export function captionOf(section: ReportSection): string {
  const { data } = section;
  return [
    `${data.title}, ${whole(data.splits.test)} test tiles. Each dot is a seed, the bar their mean. Agreement: share of`,
    'the decided test tiles with the same answer at 0°, 90°, 180° and 270°.',
    ...(section.rows.some(({ lab }) => lab.interval)
      ? ['Lines: 95 % intervals for other tiles and seeds.']
      : []),
    ...othersOf(accuracyDots(section)),
  ].join(' ');
}

function othersOf(rows: readonly DotRow[]): string[] {
  if (rows.some(({ reference }) => reference !== undefined))
    return ['The paper’s and the reference’s figures are of other tiles.'];
  return rows.some(({ paper }) => paper !== undefined) ? ['The paper’s figures are of other tiles.'] : [];
}

/** A row's figures in a sentence, for those who do not see the chart. */
export function rowInWords({ label, lab, paper }: ReportRow): string {
  const printed = paper?.accuracy === undefined ? '' : `, in the paper ${share(paper.accuracy)}`;
  return `${label}: accuracy ${share(lab.accuracy.mean)}${printed}, agreement ${share(lab.agreement.mean)}.`;
}
