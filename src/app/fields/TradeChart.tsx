/** Validation accuracy against a cost, both of every setting measured; bars are the spread over seeds. */
import { useMemo } from 'react';
import type { CostName, Trade } from '../../state/fields/tradeOff';
import { pointWords } from '../../state/words/fields';
import { axisAround } from '../charts/axis';
import { ChartFrame, leftOf, topOf } from '../charts/ChartFrame';
import { lookOf, type PointLook, SHAPE_PATHS } from './looks';
import classes from './TradeChart.module.css';

interface Props {
  readonly trades: readonly Trade[];
  readonly cost: CostName;
  /** What the horizontal axis says, with its unit. */
  readonly xLabel: string;
  /** The unpruned networks' accuracy. */
  readonly whole: number;
  /** What the chart says, for those who do not see it. */
  readonly label: string;
  /** The setting that the controls stand on. */
  readonly current: string | null;
}

export function TradeChart({ trades, cost, xLabel, whole, label, current }: Props) {
  const shown = trades.filter((trade) => trade.cost[cost] !== null);
  const costs = shown.map((trade) => 100 * trade.cost[cost]!);
  const accuracies = shown.flatMap(({ accuracy, deviation }) => [
    100 * (accuracy - (deviation ?? 0)),
    100 * (accuracy + (deviation ?? 0)),
  ]);
  const xAxis = useStill(axisAround([0, 100, ...costs], 0));
  const yAxis = useStill(axisAround([100 * whole, ...accuracies], 0, 100));
  const left = (share: number) => `${leftOf(xAxis, 100 * share)}%`;
  const top = (share: number) => topOf(yAxis, 100 * share);
  return (
    <div className={classes.drawing} role="img" aria-label={label}>
      <ChartFrame x={xAxis} y={yAxis} xLabel={xLabel} unit="&#8239;%" />
      <div className={classes.plot} aria-hidden="true">
        <span className={classes.baseline} style={{ top: `${top(whole)}%` }} />
        <span className={classes.whole} style={{ left: left(1), top: `${top(whole)}%` }} title="Unpruned" />
        {shown.map(({ id, points, accuracy, deviation, cost: costs }) => (
          <span
            key={id}
            className={classes.point}
            style={{ left: left(costs[cost]!), top: `${top(accuracy)}%` }}
          >
            {deviation !== null && (
              <span
                className={classes.bar}
                style={{ height: `${barHeight(deviation, yAxis)}cqh`, color: lookOf(points[0]).colour }}
              />
            )}
            <PointMark look={lookOf(points[0])} title={pointWords(points[0])} current={id === current} />
          </span>
        ))}
      </div>
    </div>
  );
}

/** Two deviations, in per cent of the plot. */
const barHeight = (deviation: number, { from, to }: { from: number; to: number }): number =>
  (100 * 2 * 100 * deviation) / (to - from);

/** The same object while its numbers are the same, so that the frame is drawn anew only then. */
function useStill({ from, to, step }: { from: number; to: number; step: number }) {
  return useMemo(() => ({ from, to, step }), [from, to, step]);
}

export function PointMark({
  look: { colour, shape, hollow },
  title,
  current = false,
}: {
  look: PointLook;
  title?: string;
  current?: boolean;
}) {
  return (
    <svg
      className={classes.mark}
      viewBox="-8 -8 16 16"
      data-current={current || undefined}
      aria-hidden="true"
    >
      {title && <title>{title}</title>}
      <path
        d={SHAPE_PATHS[shape]}
        fill={hollow ? 'var(--surface)' : colour}
        stroke={colour}
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The methods on the chart, each once, and what hollow means. */
export function TradeLegend({ trades }: { trades: readonly Trade[] }) {
  const looks = new Map(trades.map(({ points }) => [lookOf(points[0]).name, lookOf(points[0])]));
  const hasBars = trades.some(({ deviation }) => deviation !== null);
  return (
    <ul className={`caption ${classes.legend}`}>
      {[...looks.values()].map((look) => (
        <li key={look.name}>
          <PointMark look={{ ...look, hollow: false }} /> {look.name}
        </li>
      ))}
      <li>Hollow: as pruned; filled: fine-tuned; dashed: unpruned</li>
      {hasBars && <li>Bars: one standard deviation over seeds, each way</li>}
    </ul>
  );
}
