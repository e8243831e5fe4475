/**
 * The frame of all charts with two axes: Recharts in the page's looks, without animation. It comes with the views, never
 * with the first script. What is drawn inside is any of Recharts' parts, with `x` and `y` as the names of the values.
 *
 * A new drawing takes Recharts some ten milliseconds: fine for what changes with an epoch or a measurement, too much for
 * what follows a pointer. Such things are laid over a chart that stays (`CurveCursor`), or are elements of our own
 * (`GroupedBars`, `DotRows`).
 */
import type { ReactNode } from 'react';
import { CartesianGrid, ComposedChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { type Axis, ticksOf, tickTexts } from '../../charts/axis';
import { useLetterSize } from './letterSize';
import classes from './Plot.module.css';

interface Props {
  /** What the chart says, for those who do not see it. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly xLabel: string;
  /** Places of the horizontal axis and what stands there, where these are no round numbers. */
  readonly xTicks?: readonly { readonly at: number; readonly text: string }[];
  /** Stand behind each number of an axis. */
  readonly xUnit?: string;
  readonly unit?: string;
  /** Rems between the plot and its edges; without: as much as the letters need. */
  readonly insets?: Insets;
  readonly children: ReactNode;
}

export interface Insets {
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Fills what it lies in. */
export function Plot({ label, x, y, xLabel, xTicks, xUnit, unit, insets, children }: Props) {
  const rem = useLetterSize();
  const letters = lettersOf(rem);
  const { right, bottom, left } = insets ?? { right: 0.875, bottom: 2.75, left: unit ? 3 : 2.5 };
  return (
    <ResponsiveContainer className={classes.chart}>
      <ComposedChart
        margin={{ top: 10, right: right * rem, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        role="img"
        aria-label={label}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...AXIS}
          {...scaleOf(x, xUnit)}
          tick={letters}
          {...(xTicks && namedTicks(xTicks))}
          dataKey="x"
          height={bottom * rem}
          label={{ ...letters, value: xLabel, position: 'insideBottom', offset: 4 }}
        />
        <YAxis
          {...AXIS}
          {...scaleOf(y, unit)}
          tick={letters}
          dataKey="y"
          width={left * rem}
          axisLine={false}
          // Where a low plot has not room for all, the ends are said.
          interval="preserveStartEnd"
        />
        {children}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** In pixels: Recharts keeps the widths of texts that it has measured, and of rems it would keep those of another size. */
const lettersOf = (rem: number) => ({ fill: 'var(--quiet)', fontSize: 0.75 * rem });
const AXIS = { type: 'number', stroke: 'var(--quiet)', tickLine: false } as const;

function scaleOf(axis: Axis, unit = '') {
  const ticks = ticksOf(axis);
  const texts = tickTexts(ticks);
  return {
    domain: [axis.from, axis.to],
    ticks,
    tickFormatter: (tick: number) => `${texts[ticks.indexOf(tick)] ?? tick}${unit}`,
  };
}

const namedTicks = (ticks: NonNullable<Props['xTicks']>) => ({
  ticks: ticks.map(({ at }) => at),
  tickFormatter: (tick: number) => ticks.find(({ at }) => at === tick)?.text ?? '',
});
