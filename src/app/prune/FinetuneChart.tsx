/** Accuracy per epoch, climbing from the pruned network towards the original; where the rate fell; why it ended. */
import { memo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';
import { bestEpoch, type EpochRecord, rateDrops } from '../../lab/train/history';
import { climbSentence, stopLabel } from '../../stores/sentences';
import { FINETUNE_RULES } from '../../stores/session';
import classes from './FinetuneCard.module.css';

interface Props {
  readonly epochs: readonly EpochRecord[];
  readonly baseline: number;
  readonly start: number;
  /** Why it ended; null while it runs. */
  readonly stop: string | null;
}

/** The line is drawn over a frame that changes only when an axis does: an epoch costs next to nothing. */
export function FinetuneChart({ epochs, baseline, start, stop }: Props) {
  const accuracies = epochs.map(({ accuracy }) => accuracy);
  const steps = rateDrops(epochs);
  const found = bestEpoch(epochs);
  // Fine-tuning never hands back something worse than it was given.
  const best = found && found.accuracy > start ? found : null;
  const { from, to, step } = accuracyAxis([baseline, start, ...accuracies]);
  const last = Math.max(10, 10 * Math.ceil(epochs.length / 10));
  // In the plot's own scale: 0 … 100 from left to right and from top to bottom.
  const x = (epoch: number) => (100 * epoch) / last;
  const y = (accuracy: number) => (100 * (to - 100 * accuracy)) / (to - from);
  const points = [start, ...accuracies].map((accuracy, epoch) => ({ x: x(epoch), y: y(accuracy) }));
  const end = points[points.length - 1];
  const stepEpochs = steps.map(({ epoch }) => epoch);
  const facts = { baseline, start, accuracies, best: best?.epoch ?? null, steps: stepEpochs, stop };
  const message = climbSentence(facts, FINETUNE_RULES);
  return (
    <div className={classes.drawing} role="img" aria-label={message}>
      <Frame from={from} to={to} step={step} last={last} baseline={100 * baseline} />
      <svg className={classes.line} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path d={steps.map(({ epoch }) => `M${x(epoch)} 0v100`).join('')} data-steps />
        <polyline points={points.map((point) => `${point.x},${point.y}`).join(' ')} />
        {/* Dots: lines of no length with round ends, so that the stretched scale leaves them round. */}
        <path d={points.map((point) => `M${point.x} ${point.y}h0`).join('')} data-dots />
        {best && <path d={`M${x(best.epoch)} ${y(best.accuracy)}h0`} data-best />}
        {best && <path d={`M${x(best.epoch)} ${y(best.accuracy)}h0`} data-hole />}
      </svg>
      <div className={classes.labels} aria-hidden="true">
        {steps.map(({ epoch, by }) => (
          <span key={epoch} className={classes.step} style={{ left: `${x(epoch)}%` }}>
            rate ÷ {Number(by.toFixed(1))}
          </span>
        ))}
        {stop !== null && epochs.length > 0 && (
          <span
            className={classes.stop}
            data-testid="stop-label"
            data-side={end.x > 50 ? 'left' : 'right'}
            data-below={end.y < 40 || undefined}
            style={{ left: `${end.x}%`, top: `${end.y}%` }}
          >
            {stopLabel(stop, FINETUNE_RULES)}
          </span>
        )}
      </div>
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
  const axis = {
    stroke: 'var(--quiet)',
    tick: { fill: 'var(--quiet)', fontSize: '0.6875rem' },
    tickLine: false,
  };
  const { tolerance, excellent } = FINETUNE_RULES;
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
        {[tolerance, excellent].map((below) => (
          <ReferenceArea
            key={below}
            y1={Math.max(from, baseline - 100 * below)}
            y2={baseline}
            fill="var(--accent)"
            fillOpacity={0.1}
            stroke="none"
          />
        ))}
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axis}
          dataKey="epoch"
          type="number"
          domain={[0, last]}
          ticks={epochTicks}
          height={34}
          label={{
            value: 'Epoch',
            position: 'insideBottom',
            offset: 2,
            fill: 'var(--quiet)',
            fontSize: '0.6875rem',
          }}
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
