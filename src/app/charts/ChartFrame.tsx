/**
 * The frame of a chart: grid, ticks and the name of the horizontal axis, as plain elements placed in per cent of the
 * plot. Light enough to be drawn anew while something trains; what is drawn over it takes the class `plot`.
 */
import { memo } from 'react';
import { type Axis, ticksOf, tickTexts } from './axis';
import classes from './ChartFrame.module.css';

interface Props {
  readonly x: Axis;
  readonly y: Axis;
  readonly xLabel: string;
  /** Stands behind each number of the vertical axis. */
  readonly unit?: string;
}

export const ChartFrame = memo(function ChartFrame({ x, y, xLabel, unit = '' }: Props) {
  const rows = ticksOf(y);
  const texts = tickTexts(rows);
  return (
    <div className={`${classes.plot} ${classes.frame}`} aria-hidden="true">
      {rows.map((tick, i) => (
        <span key={tick} className={classes.row} style={{ top: `${topOf(y, tick)}%` }}>
          <span>
            {texts[i]}
            {unit}
          </span>
        </span>
      ))}
      {ticksOf(x).map((tick) => (
        <span key={tick} className={classes.tick} style={{ left: `${leftOf(x, tick)}%` }}>
          {tick}
        </span>
      ))}
      <span className={classes.name}>{xLabel}</span>
    </div>
  );
});

/** Places in per cent of the plot, from left to right and from top to bottom. */
export const leftOf = ({ from, to }: Axis, value: number): number => (100 * (value - from)) / (to - from);
export const topOf = ({ from, to }: Axis, value: number): number => (100 * (to - value)) / (to - from);
