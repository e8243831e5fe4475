/** Error and divergence of the roll-out, step by step, of every network that is trained. */
import { Title } from '@mantine/core';
import { axisAround } from '../../charts/axis';
import { WAYS } from '../../lab/tasks/adapting';
import { STEPS, shownKey, useTasks, wantedOf } from '../../state/tasks/form';
import { useTasksKnown } from '../../state/tasks/known';
import { WAY_NAMES } from '../../state/words/tasks';
import { type ChartLine, LineChart } from '../charts/LineChart';
import { Explained } from '../parts/Explained';
import classes from './FlowCharts.module.css';
import { WAY_LOOKS } from './looks';
import { rollOutTable, type Seen } from './tables';

/** Beyond this nothing is foretold any more, and nothing is drawn. */
const MOST = 2;

const X = { from: 0, to: STEPS, step: 5 };

export function FlowCharts() {
  const form = useTasks();
  const flows = useTasksKnown(({ flows }) => flows);
  const seen = WAYS.flatMap((way): Seen[] => {
    const wanted = wantedOf(form, way);
    const asked = flows[way];
    // Of this flow, and of this network.
    if (asked?.key !== shownKey(form, wanted) || !asked?.shown.network) return [];
    return [{ way, network: asked.shown.network, interval: asked.shown.interval }];
  });
  if (seen.length === 0) return null;
  return (
    <section className="card" aria-labelledby="rollout-title">
      <Title order={3} size="h5" id="rollout-title" mb={4}>
        The{' '}
        <Explained text="The network’s own answers handed back to it, step after step." term="roll-out">
          roll-out
        </Explained>
        , step by step
      </Title>
      <p className="caption">
        A network reads its own answers from the second step on. An answer of no motion is off by about 100 %;
        what is off by more than 200 % is not drawn.
      </p>
      <div className={classes.charts}>
        <Chart of="errors" label="Error, % of the velocity’s deviation" seen={seen} number={form.flow} />
        <Chart
          of="divergences"
          label="Divergence, % of the vorticity (the solver: 0)"
          seen={seen}
          number={form.flow}
        />
      </div>
    </section>
  );
}

interface ChartProps {
  readonly of: 'errors' | 'divergences';
  readonly label: string;
  readonly seen: readonly Seen[];
  readonly number: number;
}

function Chart({ of, label, seen, number }: ChartProps) {
  const lines = seen.map(
    ({ way, network }): ChartLine => ({
      ...{ name: WAY_NAMES[way], width: 2.5, ...WAY_LOOKS[way] },
      points: network[of].flatMap((value, i) => (value <= MOST ? [{ x: i + 1, y: 100 * value }] : [])),
    }),
  );
  const y = axisAround([0, ...lines.flatMap(({ points }) => points.map((point) => point.y))], 0);
  const last = (network: Seen['network']) => `${(100 * network[of].at(-1)!).toFixed(0)} %`;
  return (
    <LineChart
      label={`${label}, by step. At the last step: ${seen.map(({ way, network }) => `${WAY_NAMES[way]} ${last(network)}`).join(', ')}.`}
      x={X}
      y={y}
      xLabel="Steps"
      yLabel={label}
      lines={lines}
      saved={{
        what: of === 'errors' ? 'error by step' : 'divergence by step',
        table: () => rollOutTable(of, seen, number),
      }}
    />
  );
}
