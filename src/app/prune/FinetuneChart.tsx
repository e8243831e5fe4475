/** Accuracy per epoch, climbing from the pruned network towards the original. */
import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { EpochRecord } from '../../lab/train/history';
import { percent } from '../../stores/format';
import classes from './FinetuneCard.module.css';

interface Props {
  readonly epochs: readonly EpochRecord[];
  readonly baseline: number;
  readonly start: number;
}

/** The line is drawn over a frame that changes only when an axis does: an epoch costs next to nothing. */
export function FinetuneChart({ epochs, baseline, start }: Props) {
  const accuracies = [start, ...epochs.map(({ accuracy }) => accuracy)];
  const { from, to, step } = accuracyAxis([baseline, ...accuracies]);
  const last = Math.max(10, 5 * Math.ceil(epochs.length / 5));
  // In the plot's own scale: 0 … 100 from left to right and from top to bottom.
  const points = accuracies.map((accuracy, epoch) => ({
    x: (100 * epoch) / last,
    y: (100 * (to - 100 * accuracy)) / (to - from),
  }));
  return (
    <div
      className={classes.drawing}
      role="img"
      aria-label={`Validation accuracy by epoch of fine-tuning, from ${percent(start)}`}
    >
      <Frame from={from} to={to} step={step} last={last} baseline={100 * baseline} />
      <svg className={classes.line} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
        {/* Dots: lines of no length with round ends, so that the stretched scale leaves them round. */}
        <path d={points.map(({ x, y }) => `M${x} ${y}h0`).join('')} data-dots />
      </svg>
    </div>
  );
}

interface FrameProps {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly last: number;
  readonly baseline: number;
}

const Frame = memo(function Frame({ from, to, step, last, baseline }: FrameProps) {
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  const epochTicks = Array.from({ length: 6 }, (_, i) => (i * last) / 5);
  const axis = { stroke: 'var(--quiet)', tick: { fill: 'var(--quiet)', fontSize: 11 }, tickLine: false };
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={[
          { epoch: 0, edge: from },
          { epoch: last, edge: to },
        ]}
        margin={{ top: 8, right: 10, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="epoch"
          type="number"
          domain={[0, last]}
          ticks={epochTicks}
          height={34}
          label={{ value: 'Epoch', position: 'insideBottom', offset: 2, fill: 'var(--quiet)', fontSize: 11 }}
        />
        <YAxis {...axis} domain={[from, to]} ticks={ticks} width={40} axisLine={false} unit="%" />
        <ReferenceLine y={baseline} stroke="var(--accent)" strokeDasharray="5 4" />
        {/* Never seen: Recharts draws a value axis only where a line uses it. */}
        <Line dataKey="edge" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
      </LineChart>
    </ResponsiveContainer>
  );
});

/** A round axis in percent around the given shares, with three to six ticks. */
function accuracyAxis(shares: readonly number[]): { from: number; to: number; step: number } {
  const [low, high] = [100 * Math.min(...shares), 100 * Math.max(...shares)];
  const step = [2, 5, 10, 20].find((each) => (high - low) / each <= 3.5) ?? 25;
  const from = Math.max(0, step * Math.floor(low / step - 0.1));
  const to = Math.min(100, step * Math.ceil(high / step + 0.1));
  return { from, to, step };
}
