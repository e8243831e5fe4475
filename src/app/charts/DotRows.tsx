/** Rows of marks on a common scale, each with its name before and maybe its figure behind. */
import type { ReactNode } from 'react';
import { DotScale, DotTrack, type PlacedMark, type Tick } from '../../charts/DotTrack';
import classes from './DotRows.module.css';

interface Props {
  /** What the chart says, for those who do not see it. */
  readonly label: string;
  readonly rows: readonly DotRowsRow[];
  readonly ticks: readonly Tick[];
  readonly zone?: number;
  /** Sets the widths of the columns. */
  readonly className?: string;
}

interface DotRowsRow {
  readonly id: string;
  readonly name: string;
  readonly marks: readonly PlacedMark[];
  readonly interval?: readonly [number, number] | undefined;
  readonly value?: ReactNode;
}

export function DotRows({ label, rows, ticks, zone, className = '' }: Props) {
  return (
    <div className={`${classes.rows} ${className}`} role="img" aria-label={label}>
      {rows.map(({ id, name, marks, interval, value }) => (
        <div key={id} className={classes.row}>
          <span className={classes.name}>{name}</span>
          <span className={classes.place}>
            <DotTrack className={classes.track} ticks={ticks} marks={marks} zone={zone} interval={interval} />
          </span>
          {value !== undefined && <span className={classes.value}>{value}</span>}
        </div>
      ))}
      <div className={classes.row}>
        <span />
        <span className={classes.place}>
          <DotScale className={`${classes.track} ${classes.scale}`} ticks={ticks} />
        </span>
      </div>
    </div>
  );
}
