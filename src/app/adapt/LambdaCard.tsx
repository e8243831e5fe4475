/** Accuracy, agreement, equivariance error and R against λ: means over folds and seeds, with their spread. */
import { Group, Title } from '@mantine/core';
import { useMemo } from 'react';
import { ErrorBar, Line } from 'recharts';
import { type Axis, axisAround } from '../../charts/axis';
import type { Spread } from '../../lab/adapt/choose';
import { aimOf } from '../../state/adapt/recipe';
import { lambdaPlaces, type SweepPoint, sweepPoints } from '../../state/adapt/sweep';
import type { Table } from '../../state/page/table';
import { sweepRows } from '../../state/words/adapting';
import { count } from '../../state/words/format';
import { Legend, LineKey } from '../charts/Legend';
import { Ring } from '../charts/overPlot';
import { Plot } from '../charts/Plot';
import { LambdaTable } from '../pipeline/LambdaTable';
import { type ShownRun, useShownRun } from '../pipeline/RunOfStages';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './LambdaCard.module.css';
import { sweepTable } from './tables';

export function LambdaCard() {
  const run = useShownRun('adapting');
  const points = useMemo(() => sweepPoints(recordsOf(run)), [run]);
  const chosen = useMemo(
    () => recordsOf(run).flatMap(({ lambdas, lambda }) => (Array.isArray(lambdas) ? [Number(lambda)] : [])),
    [run],
  );
  if (!run || points.length === 0) return null;
  const aim = aimOf(run.row.recipe)!;
  const planned = run.cards.filter(({ planned }) => planned.kind === 'adapt-fold').length;
  const done = points.reduce((sum, { folds }) => sum + folds, 0);
  return (
    <section className="card" aria-labelledby="lambda-title">
      <Group justify="space-between" mb={8}>
        <Title order={2} size="h4" id="lambda-title">
          Against λ
        </Title>
        <SaveMenu
          what="figures against λ"
          table={(): Table => sweepTable(run.row, points)}
          picture="figure"
        />
      </Group>
      <Charts points={points} chosen={chosen} penalty={aim.penalty} />
      <LambdaTable table={sweepRows(points, chosen)} label="Every λ over folds and seeds" />
      <p className="caption">
        On training tiles that each fold held out: {count(done, 'fold')} of {planned} done. Bars are one
        standard deviation each way, over folds and seeds. Rings mark the λ that was chosen.
      </p>
    </section>
  );
}

const recordsOf = (run: ShownRun | null) => run?.cards.flatMap(({ record }) => record ?? []) ?? [];

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly dash?: string;
  readonly of: (point: SweepPoint) => Spread | null;
}

const UPRIGHT: Series = { name: 'upright', colour: 'var(--accent)', of: ({ accuracy }) => accuracy };
const MOVED: Series = {
  name: 'in all positions of the group',
  colour: 'var(--vermillion)',
  dash: '6 4',
  of: ({ moved }) => moved,
};
const AGREEMENT: Series = {
  name: 'same answer in all positions',
  colour: 'var(--green)',
  of: ({ agreement }) => agreement,
};
const ERROR: Series = {
  name: 'largest change of a logit',
  colour: 'var(--purple)',
  of: ({ error }) => error,
};
const distance = (penalty: string): Series => ({
  name: `R of the ${penalty}`,
  colour: 'var(--accent)',
  of: ({ penalty }) => penalty,
});

interface ChartsProps {
  readonly points: readonly SweepPoint[];
  readonly chosen: readonly number[];
  readonly penalty: string;
}

function Charts({ points, chosen, penalty }: ChartsProps) {
  const common = { points, chosen };
  return (
    <div className={classes.charts}>
      <LambdaChart {...common} what="Accuracy, %" series={[UPRIGHT, MOVED]} scale={100} most={100} />
      <LambdaChart {...common} what="Same answer, %" series={[AGREEMENT]} scale={100} most={100} />
      <LambdaChart {...common} what="Equivariance error" series={[ERROR]} />
      <LambdaChart {...common} what={`R of the ${penalty}`} series={[distance(penalty)]} />
    </div>
  );
}

interface ChartProps extends Omit<ChartsProps, 'penalty'> {
  readonly what: string;
  readonly series: readonly Series[];
  readonly scale?: number;
  readonly most?: number;
}

function LambdaChart({ points, chosen, what, series, scale = 1, most }: ChartProps) {
  const places = lambdaPlaces(points.map(({ lambda }) => lambda));
  const lines = series.map((each) => ({
    ...each,
    data: points.flatMap((point, i) => {
      const spread = each.of(point);
      return spread ? [{ x: places[i].at, y: scale * spread.mean, error: scale * spread.sd }] : [];
    }),
  }));
  const ends = lines.flatMap(({ data }) => data.flatMap(({ y, error }) => [y - error, y + error]));
  if (ends.length === 0) return null;
  // Shares are seen where they differ; of errors and distances it matters how near they come to nothing.
  const axes = { x: lambdaAxis(places), y: axisAround(most === undefined ? [0, ...ends] : ends, 0, most) };
  const [{ data }] = lines;
  const marked = places.flatMap(({ lambda, at }) =>
    chosen.includes(lambda) ? data.filter(({ x }) => x === at) : [],
  );
  return (
    <figure className={classes.figure}>
      <p className="caption" aria-hidden="true">
        {what}
      </p>
      <div className={classes.drawing}>
        <Plot
          label={`${what} against λ: ${lines[0].data.map(({ y }, i) => `${points[i].lambda}: ${y.toPrecision(3)}`).join(', ')}`}
          {...axes}
          xLabel="λ"
          xTicks={places.map(({ lambda, at }) => ({ at, text: String(lambda) }))}
        >
          {lines.map(({ name, colour, dash, data }) => (
            <Line
              key={name}
              data={data}
              dataKey="y"
              type="linear"
              isAnimationActive={false}
              activeDot={false}
              stroke={colour}
              strokeWidth={2.5}
              strokeDasharray={dash}
              dot={{ r: 3, fill: colour, strokeWidth: 0 }}
            >
              <ErrorBar
                dataKey="error"
                direction="y"
                width={5}
                stroke={colour}
                strokeWidth={1.5}
                isAnimationActive={false}
              />
            </Line>
          ))}
          {marked.map(({ x, y }) => (
            <Ring key={x} axes={axes} x={x} y={y} />
          ))}
        </Plot>
      </div>
      <Legend
        entries={lines.map(({ name, colour, dash }) => ({
          name,
          key: <LineKey colour={colour} dash={dash} />,
        }))}
      />
    </figure>
  );
}

/** With half a step of room at both ends. */
function lambdaAxis(places: readonly { readonly at: number }[]): Axis {
  const all = places.map(({ at }) => at);
  return { from: Math.min(...all) - 0.3, to: Math.max(...all) + 0.3, step: 1 };
}
