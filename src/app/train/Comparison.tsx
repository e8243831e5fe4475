/** Marked runs side by side: exactly what differs, what came of it, and their curves in one chart. */
import { Button, Group, Title } from '@mantine/core';
import { axisAround, countAxis } from '../../charts/axis';
import { wilsonInterval } from '../../lab/evaluate/interval';
import { bestEpoch } from '../../lab/stage/history';
import { useTraining } from '../../state/drivers/training';
import { MOST_POINTS } from '../../state/train/live';
import { thinPoints } from '../../state/train/pace';
import { bytes, percent, seconds, whole, wholePercent } from '../../state/words/format';
import { sameAnswers } from '../../state/words/runs';
import type { RunRow } from '../../storage/rows';
import { LineChart } from '../charts/LineChart';
import { CompareButton } from '../parts/CompareButton';
import { FiguresTable } from '../parts/FiguresTable';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './Comparison.module.css';
import { exportSubject } from './files';
import { runDifferences, totalSeconds } from './runFacts';
import { comparisonTable, curvesTable } from './tables';

const LOOKS = [
  { colour: 'var(--accent)', dash: undefined },
  { colour: 'var(--vermillion)', dash: '7 4' },
  { colour: 'var(--green)', dash: '2 4' },
  { colour: 'var(--purple)', dash: '10 4 2 4' },
  { colour: 'var(--orange)', dash: '14 4' },
  { colour: 'var(--quiet)', dash: '4 4' },
] as const;

export function Comparison({ className }: { className: string }) {
  const all = useTraining(({ rows }) => rows);
  const selected = useTraining(({ selected }) => selected);
  const live = useTraining(({ live }) => live?.id);
  const history = useTraining(({ live }) => live?.history);
  // The oldest first: what came later is held against it.
  const rows = (all ?? [])
    .filter(({ id }) => selected.has(id))
    .map((row) => (row.id === live && history ? { ...row, history } : row))
    .reverse();
  if (rows.length < 2) return null;
  const differing = runDifferences(rows);
  return (
    <section className={`card ${className}`} aria-labelledby="comparison-title">
      <Group justify="space-between" mb={8}>
        <Title order={2} size="h4" id="comparison-title">
          {rows.length} runs compared
        </Title>
        <Group gap={8}>
          <SaveMenu
            what="table of the compared runs"
            table={() => comparisonTable(rows, differing)}
            picture="table"
          />
          {rows.length === 2 && rows.every(({ status }) => status === 'done') && (
            <CompareButton before={exportSubject(rows[0])} after={exportSubject(rows[1])} />
          )}
          <Button size="xs" variant="default" onClick={() => useTraining.setState({ selected: new Set() })}>
            Unmark all
          </Button>
        </Group>
      </Group>
      <div className={classes.parts}>
        <FiguresTable
          look="compared"
          label="Table of the compared runs"
          className={classes.table}
          testId="comparison"
        >
          <thead>
            <tr>
              <th scope="col">{differing.length === 0 ? 'Nothing differs' : 'What differs'}</th>
              {rows.map(({ id, name }) => (
                <th key={id} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody data-testid="comparison-differences">
            {differing.map(({ path, name, values }) => (
              <tr key={path}>
                <th scope="row">{name}</th>
                {rows.map(({ id }, i) => (
                  <td key={id}>{values[i]}</td>
                ))}
              </tr>
            ))}
          </tbody>
          <tbody className={classes.results}>
            {RESULTS.map(([name, of]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {rows.map((row) => (
                  <td key={row.id}>{of(row) ?? '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </FiguresTable>
        <Curves rows={rows} />
      </div>
    </section>
  );
}

const RESULTS: readonly (readonly [string, (row: RunRow) => string | null])[] = [
  ['Validation accuracy', ({ history }) => of(bestEpoch(history)?.accuracy, percent)],
  [
    '95 % interval',
    ({ history, tiles }) =>
      of(bestEpoch(history)?.accuracy, (accuracy) => {
        const [low, high] = wilsonInterval(accuracy, tiles.val);
        return `${percent(low)} to ${percent(high)}`;
      }),
  ],
  ['Best epoch', ({ history }) => of(bestEpoch(history)?.epoch, whole)],
  ['Epochs finished', ({ history }) => whole(history.length)],
  ['Same answer at all turns', ({ check }) => of(check ? sameAnswers(check) : null, wholePercent)],
  ['Parameters', ({ params }) => whole(params)],
  ['Stored here', ({ bytes: stored }) => of(stored, bytes)],
  ['Exported', ({ exported }) => of(exported, bytes)],
  ['Time', (row) => seconds(totalSeconds(row))],
];

const of = (value: number | null | undefined, words: (value: number) => string): string | null =>
  value === null || value === undefined ? null : words(value);

function Curves({ rows }: { rows: readonly RunRow[] }) {
  const epochs = Math.max(1, ...rows.map(({ history }) => history.length));
  const accuracies = rows.flatMap(({ history }) => history.map(({ accuracy }) => 100 * accuracy));
  const summary = rows.map(({ name, history }) => {
    const best = bestEpoch(history);
    return best ? `${name} ${percent(best.accuracy)}` : `${name} none yet`;
  });
  return (
    <LineChart
      label={`Validation accuracy by epoch. Best: ${summary.join(', ')}`}
      x={countAxis(epochs)}
      y={axisAround(accuracies, 0, 100)}
      xLabel="Epoch"
      yLabel="Validation accuracy, %"
      saved={{ what: 'curves of the compared runs', table: () => curvesTable(rows) }}
      lines={rows.map(({ id, name, history }, i) => ({
        id,
        name,
        ...LOOKS[i % LOOKS.length],
        width: 2.5,
        dots: true,
        points: thinPoints(
          history.map(({ epoch, accuracy }) => ({ x: epoch, y: 100 * accuracy, weight: 1 })),
          MOST_POINTS,
        ),
      }))}
    />
  );
}
