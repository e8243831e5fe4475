/** Accuracy per epoch, climbing from the pruned network towards the original. */
import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { EpochRecord } from '../../lab/train/history';
import { percent } from '../../stores/format';

interface Props {
  readonly epochs: readonly EpochRecord[];
  readonly baseline: number;
  readonly start: number;
}

export const FinetuneChart = memo(function FinetuneChart({ epochs, baseline, start }: Props) {
  const rows = [
    { epoch: 0, accuracy: 100 * start },
    ...epochs.map(({ epoch, accuracy }) => ({ epoch, accuracy: 100 * accuracy })),
  ];
  const ticks = accuracyTicks([start, baseline, ...epochs.map(({ accuracy }) => accuracy)]);
  const last = Math.max(10, 5 * Math.ceil(epochs.length / 5));
  const epochTicks = Array.from({ length: 6 }, (_, i) => (i * last) / 5);
  const axis = { stroke: 'var(--quiet)', tick: { fill: 'var(--quiet)', fontSize: 11 }, tickLine: false };
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={rows}
        margin={{ top: 8, right: 10, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        role="img"
        aria-label={`Validation accuracy by epoch of fine-tuning, from ${percent(start)}`}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="epoch"
          type="number"
          domain={[0, last]}
          ticks={epochTicks}
          height={34}
          allowDecimals={false}
          label={{ value: 'Epoch', position: 'insideBottom', offset: 2, fill: 'var(--quiet)', fontSize: 11 }}
        />
        <YAxis
          {...axis}
          domain={[ticks[0], ticks.at(-1)!]}
          ticks={ticks}
          width={40}
          axisLine={false}
          unit="%"
        />
        <ReferenceLine
          y={100 * baseline}
          stroke="var(--accent)"
          strokeDasharray="5 4"
          ifOverflow="extendDomain"
        />
        <Line
          dataKey="accuracy"
          isAnimationActive={false}
          stroke="var(--vermillion)"
          strokeWidth={2.5}
          dot={{ r: 2.2, fill: 'var(--vermillion)', strokeWidth: 0 }}
          activeDot={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
});

/** Round percentages around the given shares, three to six of them. */
function accuracyTicks(shares: readonly number[]): number[] {
  const [low, high] = [100 * Math.min(...shares), 100 * Math.max(...shares)];
  const step = [2, 5, 10, 20].find((each) => (high - low) / each <= 3.5) ?? 25;
  const from = Math.max(0, step * Math.floor(low / step - 0.1));
  const to = Math.min(100, step * Math.ceil(high / step + 0.1));
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
}
