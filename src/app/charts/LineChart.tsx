/**
 * Lines in a frame, light enough for a point ten times a second: the frame is plain elements, the lines one SVG that is
 * stretched over it.
 */
import type { Table } from '../../state/page/table';
import { SaveMenu } from '../saving/SaveMenu';
import type { Axis } from './axis';
import { ChartFrame, leftOf, topOf } from './ChartFrame';
import classes from './LineChart.module.css';

export interface ChartLine {
  /** Tells it from lines of the same name. */
  readonly id?: string;
  readonly name: string;
  readonly colour: string;
  /** SVG dash pattern: lines are told apart without colour too. */
  readonly dash?: string;
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
  /** Stands above the vertical axis: what, in which unit. */
  readonly yLabel: string;
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

export function LineChart({ label, x, y, xLabel, yLabel, lines, mark, labels, saved }: Props) {
  const left = (value: number) => leftOf(x, value);
  const top = (value: number) => topOf(y, value);
  return (
    <figure className={classes.figure}>
      <div className={classes.head}>
        <p className={`caption ${classes.unit}`} aria-hidden="true">
          {yLabel}
        </p>
        {saved && <SaveMenu {...saved} />}
      </div>
      <div className={classes.drawing} role="img" aria-label={label}>
        <ChartFrame x={x} y={y} xLabel={xLabel} />
        <svg className={classes.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {lines.map(({ id, name, colour, dash, width, points, dots }) => (
            <g key={id ?? name} stroke={colour}>
              <polyline
                points={points.map((point) => `${left(point.x)},${top(point.y)}`).join(' ')}
                strokeWidth={width}
                strokeDasharray={dash}
              />
              {/* Lines of no length with round ends, so that the stretched scale leaves them round. */}
              {dots && points.length <= 60 && (
                <path
                  d={points.map((point) => `M${left(point.x)} ${top(point.y)}h0`).join('')}
                  strokeWidth={width + 3}
                />
              )}
            </g>
          ))}
        </svg>
        {labels && (
          <div className={classes.overlay} aria-hidden="true">
            {labels.map((place) => (
              <span
                key={place.text}
                className={classes.mark}
                data-side={left(place.x) > 50 ? 'left' : 'right'}
                data-below={top(place.y) < 20 || undefined}
                style={{ left: `${left(place.x)}%`, top: `${top(place.y)}%` }}
              >
                {place.text}
              </span>
            ))}
          </div>
        )}
        {mark && (
          <div className={classes.overlay} aria-hidden="true">
            <span className={classes.ring} style={{ left: `${left(mark.x)}%`, top: `${top(mark.y)}%` }} />
            <span
              className={classes.mark}
              data-side={left(mark.x) > 50 ? 'left' : 'right'}
              data-below={top(mark.y) < 20 || undefined}
              style={{ left: `${left(mark.x)}%`, top: `${top(mark.y)}%` }}
            >
              {mark.text}
            </span>
          </div>
        )}
      </div>
      <Legend lines={lines} />
    </figure>
  );
}

function Legend({ lines }: { lines: readonly ChartLine[] }) {
  return (
    <ul className={classes.legend}>
      {lines.map(({ id, name, colour, dash, width }) => (
        <li key={id ?? name}>
          <svg width="26" height="8" aria-hidden="true">
            <line x1="0" x2="26" y1="4" y2="4" stroke={colour} strokeWidth={width} strokeDasharray={dash} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
