/** Lines over two axes, with their legend; marks and words at points. */
import { type ReactNode, useMemo } from 'react';
import { Line } from 'recharts';
import type { Axis } from '../../charts/axis';
import type { Table } from '../../state/page/table';
import { SaveMenu } from '../saving/SaveMenu';
import { Legend, LineKey, type LineLook } from './Legend';
import classes from './LineChart.module.css';
import { Note, Ring } from './overPlot';
import { Plot } from './Plot';

export interface ChartLine extends LineLook {
  /** Tells it from lines of the same name. */
  readonly id?: string;
  readonly name: string;
  readonly width: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Marks every point. */
  readonly dots?: boolean;
}

interface Props {
  /** What the chart says, for those who do not see it. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly xLabel: string;
  /** Places of the horizontal axis and what stands there, where these are no round numbers. */
  readonly xTicks?: readonly { readonly at: number; readonly text: string }[];
  /** Stands above the vertical axis: what, in which unit. What is no plain text explains itself, to those who hear it too. */
  readonly yLabel: ReactNode;
  readonly lines: readonly ChartLine[];
  /** A point to be seen, and its words. */
  readonly mark?: Place | null;
  /** Words beside points. */
  readonly labels?: readonly Place[];
  /** What the chart is saved as, where it can be; its name in a few words. */
  readonly saved?: { readonly what: string; table(): Table };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Of a line with more points than this the points are not marked. */
const MOST_DOTS = 60;

export function LineChart({ label, x, y, xLabel, xTicks, yLabel, lines, mark, labels = [], saved }: Props) {
  const axes = useMemo(() => ({ x, y }), [x, y]);
  return (
    <figure className={classes.figure}>
      <div className={classes.head}>
        <p className={`caption ${classes.unit}`} aria-hidden={typeof yLabel === 'string' || undefined}>
          {yLabel}
        </p>
        {saved && <SaveMenu {...saved} />}
      </div>
      <div className={classes.drawing}>
        <Plot label={label} x={x} y={y} xLabel={xLabel} xTicks={xTicks}>
          {lines.map(({ id, name, colour, dash, width, points, dots }) => (
            <Line
              key={id ?? name}
              data={points}
              dataKey="y"
              type="linear"
              isAnimationActive={false}
              activeDot={false}
              stroke={colour}
              strokeWidth={width}
              strokeDasharray={dash}
              dot={dots && points.length <= MOST_DOTS && { r: width / 2 + 1.5, fill: colour, strokeWidth: 0 }}
            />
          ))}
          {labels.map((place) => (
            <Note key={place.text} axes={axes} {...place} />
          ))}
          {mark && <Ring axes={axes} x={mark.x} y={mark.y} />}
          {mark && <Note axes={axes} {...mark} />}
        </Plot>
      </div>
      <Legend entries={lines.map(({ id, name, ...look }) => ({ id, name, key: <LineKey {...look} /> }))} />
    </figure>
  );
}
