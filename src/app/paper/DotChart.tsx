/** Figures of a report as dots on a common axis of shares, one dot for each seed: the rows of the report's own picture. */
import type { Tick } from '../../charts/DotTrack';
import { marksOf, sourcesOf } from '../../charts/figures';
import { MarkKey } from '../../charts/marks';
import type { DotRow } from '../../lab/reproduce/dots';
import type { Table } from '../../state/page/table';
import { DotRows } from '../charts/DotRows';
import { Legend } from '../charts/Legend';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './DotChart.module.css';

interface Props {
  /** What it says, for those who do not see it. */
  readonly label: string;
  /** What is measured, in which unit. */
  readonly title: string;
  readonly rows: readonly DotRow[];
  /** What the chart is saved as, its name in a few words. */
  readonly saved: { readonly what: string; table(): Table };
}

const TICKS: readonly Tick[] = [0, 25, 50, 75, 100].map((percent) => ({
  at: percent / 100,
  text: String(percent),
}));

export function DotChart({ label, title, rows, saved }: Props) {
  return (
    <figure className={classes.figure}>
      <div className={classes.head}>
        <p className={`caption ${classes.title}`}>{title}</p>
        <SaveMenu {...saved} />
      </div>
      <DotRows
        label={label}
        rows={rows.map((row) => ({
          id: row.id,
          name: row.label,
          marks: marksOf(row),
          interval: row.interval,
        }))}
        ticks={TICKS}
      />
      <Legend
        entries={sourcesOf(rows).map(({ name, looks }) => ({ name, key: <MarkKey looks={looks} /> }))}
        hidden
      />
    </figure>
  );
}
