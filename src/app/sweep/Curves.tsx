/** Validation accuracy (of a task: loss) of all trainings of a sweep over their epochs, as it comes; those that run in colours. */
import { Title } from '@mantine/core';
import { Line } from 'recharts';
import { axisAround, countAxis } from '../../charts/axis';
import { foremost } from '../../lab/sweep/brief';
import type { Curves as AllCurves } from '../../lab/sweep/document';
import type { SweepJob, SweepStatus } from '../../lab/sweep/status';
import { jobName } from '../../lab/sweep/words';
import type { Table } from '../../state/page/table';
import { capital, count, percent } from '../../state/words/format';
import { Legend, LineKey } from '../charts/Legend';
import { Plot } from '../charts/Plot';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './SweepView.module.css';

interface Training {
  readonly job: SweepJob;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const COLOURS = ['accent', 'vermillion', 'green', 'purple', 'orange', 'olive'].map(
  (name) => `var(--${name})`,
);
const DASHES = [undefined, '7 4', '2 4'];

interface Score {
  readonly name: string;
  /** As axes and tables write it. */
  readonly unit: string;
  /** How much larger it is drawn, and how far its axis may reach. */
  readonly by: number;
  readonly most?: number;
  words(value: number): string;
}

const ACCURACY: Score = { name: 'accuracy', unit: '%', by: 100, most: 100, words: percent };
const LOSS: Score = { name: 'loss', unit: '', by: 1, words: (loss) => loss.toPrecision(3) };

/** More lines at once than colours and dashes tell apart are drawn, but not named. */
const MOST_NAMED = COLOURS.length * DASHES.length;

/** Of those that ended more are a cloud. */
const MOST_ENDED = 12;

/** Those that ended last, in the order of their jobs. */
function lastOf(ended: readonly Training[]): readonly Training[] {
  const when = ({ job: { finishedAt } }: Training) => (finishedAt ? -Date.parse(finishedAt) : 0);
  return foremost(ended, when, MOST_ENDED);
}

export function Curves({ sweep, curves }: { sweep: SweepStatus; curves: AllCurves }) {
  const score = sweep.jobs.some(({ loss }) => loss !== undefined) ? LOSS : ACCURACY;
  const trainings = sweep.jobs.flatMap((job): Training[] => {
    const curve = Object.hasOwn(curves, job.id) ? curves[job.id] : [];
    if (curve.length === 0) return [];
    return [{ job, points: curve.map(([epoch, value]) => ({ x: epoch, y: score.by * value })) }];
  });
  if (trainings.length === 0) return null;
  const running = trainings.filter(({ job }) => job.state === 'running');
  const over = trainings.filter(({ job }) => job.state !== 'running');
  const ended = lastOf(over);
  const drawn = [...ended, ...running];
  const last = Math.max(
    ...drawn.map(({ job, points }) => Math.max(job.epochs ?? 0, points[points.length - 1].x)),
  );
  const values = drawn.flatMap(({ points }) => points.map(({ y }) => y));
  const told = running
    .slice(0, 4)
    .map(({ job, points }) => `${jobName(job)} ${score.words(points[points.length - 1].y / score.by)}`);
  const lookOf = (i: number) => ({
    colour: COLOURS[i % COLOURS.length],
    dash: DASHES[Math.floor(i / COLOURS.length) % DASHES.length],
  });
  return (
    <section className="card" aria-labelledby="sweep-curves">
      <figure className={classes.figure}>
        <div className={classes.head}>
          <Title order={3} size="h4" id="sweep-curves">
            {capital(score.name)} of the trainings
          </Title>
          <SaveMenu
            what={`${score.name} of the trainings`}
            table={() => curvesTable(sweep, trainings, score)}
          />
        </div>
        <p className="caption" aria-hidden="true">
          {[`Validation ${score.name}`, score.unit].filter(Boolean).join(', ')}
        </p>
        <div className={classes.plot}>
          <Plot
            label={`Validation ${score.name} by epoch of ${count(drawn.length, 'training')}${told.length > 0 ? `; running: ${told.join(', ')}` : ''}`}
            x={countAxis(Math.max(1, last))}
            y={axisAround(values, 0, score.most)}
            xLabel="Epoch"
          >
            {drawn.map(({ job, points }) => {
              const at = running.findIndex((each) => each.job.id === job.id);
              const { colour, dash } = at < 0 ? { colour: 'var(--quiet)', dash: undefined } : lookOf(at);
              return (
                <Line
                  key={job.id}
                  data={points}
                  dataKey="y"
                  type="linear"
                  isAnimationActive={false}
                  activeDot={false}
                  stroke={colour}
                  strokeOpacity={at < 0 ? 0.45 : 1}
                  strokeWidth={at < 0 ? 1.2 : 2.5}
                  strokeDasharray={dash}
                  // A line of one point is seen by its mark alone.
                  dot={at >= 0 || points.length === 1 ? { r: 2.5, fill: colour, strokeWidth: 0 } : false}
                />
              );
            })}
          </Plot>
        </div>
        <Legend
          entries={[
            ...running.slice(0, MOST_NAMED).map(({ job }, i) => ({
              id: job.id,
              name: jobName(job),
              key: <LineKey {...lookOf(i)} />,
            })),
            ...(ended.length > 0
              ? [
                  {
                    name:
                      ended.length < over.length
                        ? `the last ${ended.length} of ${over.length} trainings that ended`
                        : count(ended.length, 'training that ended', 'trainings that ended'),
                    key: <LineKey colour="var(--quiet)" width={1.2} />,
                  },
                ]
              : []),
          ]}
        />
      </figure>
    </section>
  );
}

const curvesTable = (
  { id, name, command, version }: SweepStatus,
  trainings: readonly Training[],
  score: Score,
): Table => ({
  name: `sweep ${name} ${score.name}`,
  title: `Validation ${score.name} of the trainings of ${name}`,
  columns: ['run', 'step', 'state', 'epoch', `validation ${score.name}${score.unit && ` (${score.unit})`}`],
  rows: trainings.flatMap(({ job, points }) =>
    points.map(({ x, y }) => [job.run, job.step, job.state, x, y]),
  ),
  source: { sweep: id, command, version },
});
