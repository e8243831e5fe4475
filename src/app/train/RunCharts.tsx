/** Loss, validation accuracy and R, where there is one, of one run over its epochs. */
import { useMemo } from 'react';
import { axisAround, countAxis } from '../../charts/axis';
import { bestEpoch, type EpochRecord } from '../../lab/stage/history';
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
  /** What both charts are saved as. */
  table(chart: HistoryChart): Table;
}

export function RunCharts({ epochs, history, losses, table }: Props) {
  const x = countAxis(epochs);
  return (
    <div className={classes.charts}>
      <LossChart x={x} history={history} losses={losses} table={table} />
      <AccuracyChart x={x} history={history} table={table} />
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

function AccuracyChart({ x, history, table }: ChartProps) {
  const best = bestEpoch(history);
  const points = useLine(history, 'accuracy', 100);
  return (
    <LineChart
      label={`Validation accuracy by epoch${best ? `, best ${percent(best.accuracy)} at epoch ${best.epoch}` : ''}`}
      x={x}
      y={PERCENT}
      xLabel="Epoch"
      yLabel={VALIDATION}
      saved={{ what: 'accuracy by epoch', table: () => table('accuracy') }}
      lines={[{ name: 'validation accuracy', colour: 'var(--accent)', width: 2.5, points, dots: true }]}
      mark={
        best && {
          x: best.epoch,
          y: 100 * best.accuracy,
          text: `best: ${percent(best.accuracy)}, epoch ${best.epoch}`,
        }
      }
    />
  );
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
  figure: 'loss' | 'validationLoss' | 'accuracy' | 'penalty',
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
