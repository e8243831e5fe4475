/**
 * Lines over a frame. The frame (Recharts: axes, ticks, grid) is drawn anew only when an axis changes; the lines are a
 * light SVG on top, so that a new point ten times a second costs next to nothing.
 */
import { memo } from 'react';
import { CartesianGrid, LineChart as Frame, Line, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { type Axis, ticksOf } from './axis';
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
  readonly mark?: { readonly x: number; readonly y: number; readonly text: string } | null;
}

export function LineChart({ label, x, y, xLabel, yLabel, lines, mark }: Props) {
  // In the plot's own scale: 0 … 100 from left to right and from top to bottom.
  const left = (value: number) => (100 * (value - x.from)) / (x.to - x.from);
  const top = (value: number) => (100 * (y.to - value)) / (y.to - y.from);
  return (
    <figure className={classes.figure}>
      <p className={`caption ${classes.unit}`} aria-hidden="true">
        {yLabel}
      </p>
      <div className={classes.drawing} role="img" aria-label={label}>
        <div className={classes.frame}>
          <AxisFrame
            xFrom={x.from}
            xTo={x.to}
            xStep={x.step}
            yFrom={y.from}
            yTo={y.to}
            yStep={y.step}
            xLabel={xLabel}
          />
        </div>
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

interface FrameProps {
  readonly xFrom: number;
  readonly xTo: number;
  readonly xStep: number;
  readonly yFrom: number;
  readonly yTo: number;
  readonly yStep: number;
  readonly xLabel: string;
}

const AxisFrame = memo(function AxisFrame({ xFrom, xTo, xStep, yFrom, yTo, yStep, xLabel }: FrameProps) {
  const axis = { stroke: 'var(--quiet)', tick: { fill: 'var(--quiet)', fontSize: 11 }, tickLine: false };
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Frame
        data={[
          { x: xFrom, edge: yFrom },
          { x: xTo, edge: yTo },
        ]}
        margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="x"
          type="number"
          domain={[xFrom, xTo]}
          ticks={ticksOf({ from: xFrom, to: xTo, step: xStep })}
          height={34}
          label={{ value: xLabel, position: 'insideBottom', offset: 2, fill: 'var(--quiet)', fontSize: 11 }}
        />
        <YAxis
          {...axis}
          domain={[yFrom, yTo]}
          ticks={ticksOf({ from: yFrom, to: yTo, step: yStep })}
          width={36}
          axisLine={false}
        />
        {/* Never seen: Recharts draws a value axis only where a line uses it. */}
        <Line dataKey="edge" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
      </Frame>
    </ResponsiveContainer>
  );
});
