/** The report of a task beside classification: every measure as dots, its curves, fields to look at, what shows, how it was made. */
import { Badge, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { sourcesOf } from '../../charts/figures';
import { MarkKey } from '../../charts/marks';
import { curveLines, measureDots } from '../../charts/taskFigures';
import { TURNING_COLOURS } from '../../lab/fluids/picture';
import { formatSpread } from '../../lab/reproduce/format';
import type { TaskReport } from '../../lab/tasks/report';
import { count, seconds } from '../../state/words/format';
import { DotRows } from '../charts/DotRows';
import { Legend } from '../charts/Legend';
import { type ChartLine, LineChart } from '../charts/LineChart';
import { FiguresTable } from '../parts/FiguresTable';
import { paintRgb } from '../parts/paint';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './ReportView.module.css';
import own from './TaskReportView.module.css';
import { curveTable, taskTable } from './tables';

export function TaskReportView({ report }: { report: TaskReport }) {
  const { title, scale, seeds, made, curves, sheets = [], findings } = report;
  return (
    <>
      <section className="card" aria-labelledby="report-title">
        <Title order={2} size="h3" id="report-title">
          {title}
        </Title>
        <Text className="caption" component="p" mt={4} mb={12} data-testid="report-made">
          Scale {scale}, {count(seeds.length, 'seed')}, made on {made.slice(0, 10)}.
          {scale === 'tiny' && ' This scale proves that all of it works, and ranks nothing.'}
        </Text>
        {[...report.data, ...report.notes].map((note) => (
          <p key={note} className={classes.note}>
            {note}
          </p>
        ))}
      </section>
      <Measures report={report} />
      {curves.map((curve) => (
        <CurveCard key={curve.id} report={report} curve={curve} />
      ))}
      {sheets.map((sheet) => (
        <SheetCard key={sheet.id} sheet={sheet} />
      ))}
      <section className="card" aria-labelledby="findings-title">
        <Title order={3} size="h4" id="findings-title">
          What shows
        </Title>
        <ul className={classes.verdicts}>
          {findings.map(({ title: claim, holds, sentence }) => (
            <li key={claim}>
              <strong>{claim}</strong>{' '}
              <Badge
                variant="outline"
                tt="none"
                fw={600}
                color="gray"
                className={holds === null ? own.open : holds ? classes.shows : classes.differs}
              >
                {holds === null ? 'cannot be told' : holds ? 'shows here' : 'does not show here'}
              </Badge>
              <p>{sentence}</p>
            </li>
          ))}
        </ul>
      </section>
      <Made report={report} />
    </>
  );
}

function Measures({ report }: { report: TaskReport }) {
  const { measures, rows } = report;
  return (
    <section className="card" aria-labelledby="measures-title">
      <div className={own.head}>
        <Title order={3} size="h4" id="measures-title">
          Every measure of every row
        </Title>
        <SaveMenu what="figures" table={() => taskTable(report)} picture="table" />
      </div>
      <div className={classes.charts}>
        {measures.map((measure) => (
          <figure key={measure.id} className={own.figure}>
            <p className="caption">
              {measure.label} ({measure.better} is better)
            </p>
            <DotRows
              label={`${measure.label}: ${rows.map(({ label, figures }) => `${label} ${formatSpread(figures[measure.id])}`).join(', ')}.`}
              {...measureDots(report, measure)}
            />
          </figure>
        ))}
      </div>
      <Legend
        entries={sourcesOf([]).map(({ name, looks }) => ({ name, key: <MarkKey looks={looks} /> }))}
        hidden
      />
      <FiguresTable label="Every measure of every row" className={classes.table} testId="task-report">
        <thead>
          <tr>
            <th scope="col">Row</th>
            {measures.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, label, figures }) => (
            <tr key={id}>
              <th scope="row">{label}</th>
              {measures.map((measure) => (
                <td key={measure.id}>{formatSpread(figures[measure.id])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </FiguresTable>
    </section>
  );
}

/** Eight rows are told apart: colours come round again, dashed. */
const COLOURS = ['var(--quiet)', 'var(--accent)', 'var(--vermillion)', 'var(--purple)'];

interface CurveProps {
  readonly report: TaskReport;
  readonly curve: TaskReport['curves'][number];
}

function CurveCard({ report, curve }: CurveProps) {
  const { x, y, lines } = curveLines(report, curve);
  const drawn = lines.map(
    ({ id, name, points }, i): ChartLine => ({
      ...{ id, name, points, width: 2, dots: points.length <= 8 },
      colour: COLOURS[i % COLOURS.length],
      ...(i >= COLOURS.length && { dash: '6 3' }),
    }),
  );
  return (
    <section className="card" aria-label={curve.label}>
      <div className={own.curve}>
        <LineChart
          label={`${curve.label}: ${lines.map(({ name, points }) => `${name} ${points.at(-1)!.y.toFixed(1)} at the last`).join(', ')}.`}
          {...{ x, y, lines: drawn }}
          xLabel={curve.along}
          yLabel={`${curve.label}, mean over the seeds`}
          saved={{ what: curve.label, table: () => curveTable(report, curve) }}
        />
      </div>
    </section>
  );
}

type Sheet = NonNullable<TaskReport['sheets']>[number];

/** Fields side by side: a row for each network, a column for each moment. */
function SheetCard({ sheet: { id, title, size, columns, rows } }: { sheet: Sheet }) {
  return (
    <section className="card" aria-labelledby={`sheet-${id}`}>
      <Title order={3} size="h4" id={`sheet-${id}`} mb={8}>
        {title}
      </Title>
      <FiguresTable label={title}>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, grids }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {grids.map((grid, i) => (
                <td key={columns[i]}>
                  <Grid label={`${label}, ${columns[i]}`} grid={grid} size={size} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </FiguresTable>
      <p className="caption">
        Blue turns one way, red the other, white not at all; one scale for all of them.
      </p>
    </section>
  );
}

const MIDDLE = (TURNING_COLOURS.length - 1) / 2;

function Grid({ label, grid, size }: { label: string; grid: readonly number[]; size: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const bytes = grid.flatMap((step) => {
      const colour = TURNING_COLOURS[MIDDLE + step];
      return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    });
    paintRgb(canvas.current, size, size, bytes);
  }, [grid, size]);
  return (
    <canvas ref={canvas} className={own.grid} width={size} height={size} role="img" aria-label={label} />
  );
}

function Made({ report }: { report: TaskReport }) {
  const { command, environment, wallSeconds, settings } = report;
  return (
    <section className="card" aria-labelledby="how-title">
      <Title order={3} size="h4" id="how-title" mb={8}>
        How it was made
      </Title>
      <dl className={classes.facts}>
        <dt>Command</dt>
        <dd>
          <code>{command}</code>
        </dd>
        <dt>Hardware</dt>
        <dd>{environment.hardware}</dd>
        <dt>Software</dt>
        <dd>
          {environment.software}, {environment.backend}
        </dd>
        <dt>Time</dt>
        <dd>{seconds(wallSeconds)} from start to end</dd>
      </dl>
      <details className={classes.settings}>
        <summary>Settings</summary>
        <pre>{JSON.stringify(settings, null, 2)}</pre>
      </details>
    </section>
  );
}
