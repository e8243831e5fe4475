/** Validation accuracy against a cost, both of every setting measured; bars are the spread over seeds. */
import { ErrorBar, ReferenceLine, Scatter } from 'recharts';
import { axisAround } from '../../charts/axis';
import { Mark, MarkKey, type MarkLook } from '../../charts/marks';
import type { CostName, Trade } from '../../state/fields/tradeOff';
import { pointWords } from '../../state/words/fields';
import { Legend } from '../charts/Legend';
import { Placed, Ring } from '../charts/overPlot';
import { Plot } from '../charts/Plot';
import { lookOf } from './looks';
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

const WHOLE: MarkLook = { shape: 'circle', colour: 'var(--accent)', size: 0.9 };

interface Point {
  readonly id: string;
  readonly look: MarkLook;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  /** One standard deviation, for the bar. */
  readonly error: number | null;
}

export function TradeChart({ trades, cost, xLabel, whole, label, current }: Props) {
  const points = trades.flatMap(({ id, points: [first], accuracy, deviation, cost: costs }): Point[] => {
    const share = costs[cost];
    if (share === null) return [];
    const error = deviation === null ? null : 100 * deviation;
    return [{ id, look: lookOf(first), title: pointWords(first), x: 100 * share, y: 100 * accuracy, error }];
  });
  const ends = points.flatMap(({ y, error }) => [y - (error ?? 0), y + (error ?? 0)]);
  const axes = {
    x: axisAround([0, 100, ...points.map(({ x }) => x)], 0),
    y: axisAround([100 * whole, ...ends], 0, 100),
  };
  const here = points.find(({ id }) => id === current);
  return (
    <div className={classes.drawing}>
      <Plot label={label} {...axes} xLabel={xLabel} unit="&#8239;%">
        <ReferenceLine y={100 * whole} stroke="var(--accent)" strokeDasharray="5 4" />
        {[...groupBy(points, ({ look }) => look.colour)].map(([colour, group]) => (
          <Scatter key={colour} data={group} isAnimationActive={false} shape={PointShape}>
            <ErrorBar
              dataKey="error"
              direction="y"
              width={5}
              stroke={colour}
              strokeWidth={1.5}
              isAnimationActive={false}
            />
          </Scatter>
        ))}
        <Placed axes={axes} x={100} y={100 * whole}>
          <Mark look={WHOLE} title="Unpruned" />
        </Placed>
        {here && <Ring axes={axes} x={here.x} y={here.y} radius={10} />}
      </Plot>
    </div>
  );
}

/** Error bars take one colour for all of their points. */
function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

const PointShape = ({ cx, cy, look, title }: Partial<Point> & { cx?: number; cy?: number }) =>
  look ? <Mark look={look} x={cx} y={cy} title={title} /> : null;

/** The methods on the chart, each once, drawn as their points are, and what hollow means. */
export function TradeLegend({ trades }: { trades: readonly Trade[] }) {
  const looks = groupBy(
    trades.map(({ points: [first] }) => lookOf(first)),
    ({ name }) => name,
  );
  const hasBars = trades.some(({ deviation }) => deviation !== null);
  return (
    <Legend
      entries={[
        ...[...looks].map(([name, drawn]) => ({
          name,
          key: [true, false].map((hollow) => {
            const look = drawn.find((each) => each.hollow === hollow);
            return look && <MarkKey key={String(hollow)} looks={[look]} />;
          }),
        })),
        { name: 'Hollow: as pruned; filled: fine-tuned; dashed: unpruned', key: null },
        ...(hasBars ? [{ name: 'Bars: one standard deviation over seeds, each way', key: null }] : []),
      ]}
    />
  );
}
