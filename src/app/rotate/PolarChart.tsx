/**
 * Confidence in each network's upright answer by angle, counter-clockwise from the top as the dial turns. The chart is
 * drawn anew when an angle was measured; the dial's hand lies over it and follows the pointer.
 */
import { memo } from 'react';
import {
  type DotItemDotProps,
  PolarAngleAxis,
  PolarGrid,
  PolarRadiusAxis,
  Radar,
  RadarChart,
  ResponsiveContainer,
} from 'recharts';
import { Mark } from '../../charts/marks';
import { pointAt } from '../../state/rotate/dial';
import type { Look } from '../../state/rotate/looking';
import { SWEEP, type Sweep } from '../../state/rotate/sweep';
import { useTurning } from '../../state/rotate/turning';
import { NET_LOOKS } from './nets';
import classes from './PolarCard.module.css';

/** Of 100 %, in per cent of the chart's side. */
const FULL = 40;
const RIGHT_ANGLES = [0, 90, 180, 270];
const LETTERS = { fill: 'var(--quiet)', fontSize: '0.75rem' };
const MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };

interface Point {
  readonly degrees: number;
  /** By the networks' places, in per cent; null where nothing is measured. */
  readonly confidence: readonly (number | null)[];
  readonly isOther: readonly boolean[];
}

/**
 * By angle, downwards from 360°: Recharts goes round clockwise. (The other way it moves points and ticks off their
 * angles, each in its own direction.)
 */
function pointsOf(look: Look | null, sweep: Sweep): Point[] {
  return SWEEP.map((degrees, at) => {
    const cells = (look?.nets ?? []).map((_, i) => ({ here: sweep[at]?.[i], answer: sweep[0]?.[i]?.answer }));
    return {
      degrees,
      confidence: cells.map(({ here, answer }) =>
        here && answer !== undefined ? 100 * here.probabilities[answer] : null,
      ),
      isOther: cells.map(({ here, answer }) => here != null && here.answer !== answer),
    };
  }).sort((a, b) => clockwise(a.degrees) - clockwise(b.degrees));
}

const clockwise = (degrees: number): number => (360 - degrees) % 360;

export const PolarChart = memo(function PolarChart({ look, sweep }: { look: Look | null; sweep: Sweep }) {
  const points = pointsOf(look, sweep);
  return (
    <div className={classes.layer} aria-hidden="true">
      <ResponsiveContainer>
        <RadarChart
          data={points}
          startAngle={90}
          endAngle={-270}
          outerRadius={`${2 * FULL}%`}
          margin={MARGIN}
          accessibilityLayer={false}
        >
          <PolarGrid gridType="circle" polarAngles={RIGHT_ANGLES} stroke="var(--line)" />
          <PolarAngleAxis
            dataKey="degrees"
            tick={RightAngle}
            tickLine={false}
            tickSize={14}
            axisLine={false}
          />
          <PolarRadiusAxis
            angle={45}
            domain={[0, 100]}
            ticks={[25, 50, 75, 100]}
            tick={Share}
            axisLine={false}
          />
          {look?.nets.map((_, i) => {
            const { colour, dash } = NET_LOOKS[i];
            // Before, its missing points would lie in the middle.
            const isWhole = points.every(({ confidence }) => confidence[i] !== null);
            return (
              <Radar
                key={look.names[i]}
                dataKey={({ confidence }: Point) => confidence[i]}
                isAnimationActive={false}
                stroke={isWhole ? colour : 'none'}
                strokeWidth={2.5}
                strokeDasharray={dash}
                fill={isWhole ? colour : 'none'}
                fillOpacity={0.06}
                dot={dotOf(i)}
              />
            );
          })}
        </RadarChart>
      </ResponsiveContainer>
    </div>
  );
});

const dotOf =
  (net: number) =>
  ({ key, cx, cy, payload }: DotItemDotProps) => {
    const { confidence, isOther } = payload as Point;
    if (confidence[net] === null) return <g key={key} />;
    const look = { shape: 'circle', colour: NET_LOOKS[net].colour, hollow: isOther[net], size: 0.6 } as const;
    return <Mark key={key} look={look} x={cx} y={cy} />;
  };

/** What Recharts tells a tick. */
interface TickProps {
  readonly x: number | string;
  readonly y: number | string;
  readonly payload: { readonly value: number };
}

function RightAngle({ x, y, payload: { value } }: TickProps) {
  if (!RIGHT_ANGLES.includes(value)) return <g />;
  return (
    <text {...LETTERS} x={x} y={y} textAnchor="middle" dominantBaseline="central">
      {value}°
    </text>
  );
}

const Share = ({ x, y, payload: { value } }: TickProps) => (
  <text
    {...LETTERS}
    x={x}
    y={y}
    textAnchor="middle"
    dominantBaseline="central"
    stroke="var(--surface)"
    strokeWidth="3"
    paintOrder="stroke"
  >
    {value}
    {value === 100 && ' %'}
  </text>
);

/** Where the dial stands. */
export function DialHand() {
  const angle = useTurning(({ angle }) => angle);
  const { x, y } = pointAt(angle, FULL + 2);
  return (
    <svg className={classes.layer} viewBox="-50 -50 100 100" aria-hidden="true">
      <line x2={x} y2={y} className={classes.hand} />
      <circle cx={x} cy={y} r={1.4} className={classes.tip} />
    </svg>
  );
}
