/** Loss, validation accuracy and R, where there is one, of one run over its epochs. */
import { useMemo } from 'react';
import { axisAround, countAxis } from '../../charts/axis';
import { bestEpoch, chosenBy, type EpochRecord, epochsWithoutGain } from '../../lab/stage/history';
import type { Table } from '../../state/page/table';
import { MOST_POINTS } from '../../state/train/live';
import { type LinePoint, thinPoints } from '../../state/train/pace';
import { percent, small } from '../../state/words/format';
import { progressSentence } from '../../state/words/runs';
import { type ChartLine, LineChart } from '../charts/LineChart';
import { Explained } from '../parts/Explained';
import classes from './RunCard.module.css';
import type { HistoryChart } from './tables';

interface Props {
  readonly epochs: number;
  readonly history: readonly EpochRecord[];
  /** Losses of single batches, where the page has seen them. */
  readonly losses: readonly LinePoint[];
  /** Epochs without a gain before it stops early, where that may happen. */
  readonly patience?: number | undefined;
  /** Epochs of earlier trainings, of a run that was trained further. */
  readonly earlier?: number | undefined;
  /** What both charts are saved as. */
  table(chart: HistoryChart): Table;
}

export function RunCharts({ epochs, history, losses, patience, earlier, table }: Props) {
  const x = countAxis(epochs);
  return (
    <div className={classes.charts}>
      <LossChart x={x} history={history} losses={losses} table={table} />
      <AccuracyChart {...{ x, history, patience, earlier, table }} />
      {history.some(({ penalty }) => penalty !== undefined) && (
        <PenaltyChart x={x} history={history} table={table} />
      )}
      <p className="spoken" aria-live="polite" data-testid="run-spoken">
        {progressSentence(history, epochs)}
      </p>
    </div>
  );
}

interface ChartProps extends Pick<Props, 'history' | 'table'> {
  readonly x: ReturnType<typeof countAxis>;
}

/** Elements that stay, so that an explanation that is open does so while the chart is drawn anew. */
const LOSS = (
  <Explained term="loss" text="What training makes small: 0 where every true class has all the confidence.">
    Loss (cross-entropy, nats)
  </Explained>
);
const VALIDATION = (
  <Explained
    term="parts"
    text="Share of the validation tiles answered right. They teach nothing; they choose the epoch that is kept."
  >
    Validation accuracy, %
  </Explained>
);

function LossChart({ x, history, losses, table }: ChartProps & { readonly losses: readonly LinePoint[] }) {
  const values = [
    ...losses.map(({ y }) => y),
    ...history.flatMap((each) => [each.loss, each.validationLoss]),
  ];
  const lines: ChartLine[] = [
    ...(losses.length > 0
      ? [{ name: 'training, batch by batch', colour: 'var(--quiet)', width: 1, points: losses }]
      : []),
    {
      name: 'training, mean of the epoch',
      colour: 'var(--accent)',
      width: 2.5,
      points: useLine(history, 'loss'),
      dots: true,
    },
    {
      name: 'validation',
      colour: 'var(--vermillion)',
      width: 2.5,
      dash: '6 4',
      points: useLine(history, 'validationLoss'),
      dots: true,
    },
  ];
  return (
    <LineChart
      label="Training and validation loss by epoch"
      x={x}
      y={axisAround(values, 0)}
      xLabel="Epoch"
      yLabel={LOSS}
      saved={{ what: 'loss by epoch', table: () => table('loss') }}
      lines={lines}
    />
  );
}

function AccuracyChart({
  x,
  history,
  patience,
  earlier = 0,
  table,
}: ChartProps & Pick<Props, 'patience' | 'earlier'>) {
  const best = bestEpoch(history);
  const points = useLine(history, 'accuracy', 100);
  const balanced = useLine(history, 'balanced', 100);
  const what = best?.by === 'balanced' && best.balanced !== undefined ? 'balanced ' : '';
  const share = best && chosenBy(best);
  const waiting = patience === undefined ? null : waitingLine(history.slice(earlier), patience);
  const lines: ChartLine[] = [
    { name: 'validation accuracy', colour: 'var(--accent)', width: 2.5, points, dots: true },
    ...(balanced.length > 0
      ? [
          {
            ...{ name: 'balanced: mean of the classes’ own', colour: 'var(--purple)' },
            ...{ width: 2.5, dash: '2 4', points: balanced, dots: true },
          },
        ]
      : []),
    ...(waiting ? [waiting] : []),
  ];
  return (
    <LineChart
      label={`Validation accuracy by epoch${best ? `, best ${what}${percent(share!)} at epoch ${best.epoch}` : ''}${waiting ? `; ${waiting.name}` : ''}`}
      x={x}
      y={PERCENT}
      xLabel="Epoch"
      yLabel={VALIDATION}
      saved={{ what: 'accuracy by epoch', table: () => table('accuracy') }}
      lines={lines}
      labels={earlier > 0 ? [{ x: earlier, y: 6, text: `continued after epoch ${earlier}` }] : []}
      mark={
        best && {
          x: best.epoch,
          y: 100 * share!,
          text: `best${what && ' balanced'}: ${percent(share!)}, epoch ${best.epoch}`,
        }
      }
    />
  );
}

/** From the last gain on: how long training has waited for another, and how long it will. */
function waitingLine(history: readonly EpochRecord[], patience: number): ChartLine | null {
  const waited = epochsWithoutGain(history);
  const latest = history.at(-1);
  if (!latest || waited === 0) return null;
  const level = 100 * Math.max(...history.map(chosenBy));
  const is = waited >= patience ? 'stopped early: ' : '';
  return {
    name: `${is}${waited} of ${patience} epochs without a gain`,
    ...{ colour: 'var(--vermillion)', width: 2, dash: '1 3', dots: false },
    points: [
      { x: latest.epoch - waited, y: level },
      { x: latest.epoch, y: level },
    ],
  };
}

/** How far the network is from equivariant, as the loss has it before λ weighs it. */
function PenaltyChart({ x, history, table }: ChartProps) {
  const points = useLine(history, 'penalty');
  return (
    <LineChart
      label={`R by epoch, from ${small(points[0].y)} to ${small(points[points.length - 1].y)}`}
      x={x}
      y={axisAround(
        points.map(({ y }) => y),
        0,
      )}
      xLabel="Epoch"
      yLabel="R, mean of the epoch"
      saved={{ what: 'R by epoch', table: () => table('penalty') }}
      lines={[{ name: 'R', colour: 'var(--purple)', width: 2.5, points, dots: true }]}
    />
  );
}

const PERCENT = { from: 0, to: 100, step: 20 };

/** A figure of every epoch that has it, as a line. */
function useLine(
  history: readonly EpochRecord[],
  figure: 'loss' | 'validationLoss' | 'accuracy' | 'balanced' | 'penalty',
  scale = 1,
) {
  return useMemo(
    () =>
      thinPoints(
        history.flatMap(({ epoch, [figure]: y }) =>
          y === undefined ? [] : [{ x: epoch, y: scale * y, weight: 1 }],
        ),
        MOST_POINTS,
      ),
    [history, figure, scale],
  );
}
