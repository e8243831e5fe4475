/** Accuracy per epoch, climbing from the pruned network towards the original; where the rate fell; why it ended. */
import { useMemo } from 'react';
import { bestEpoch, type EpochRecord, rateDrops } from '../../lab/stage/history';
import { FINETUNE_RULES } from '../../state/drivers/session';
import { climbSentence, stopLabel } from '../../state/words/prune';
import { axisAround } from '../charts/axis';
import { ChartFrame, leftOf, topOf } from '../charts/ChartFrame';
import classes from './FinetuneChart.module.css';

/** What is drawn how. */
export const FINETUNE_KEY =
  'Validation accuracy. Dashed: unpruned; shaded: within 1 and 2 points of it; ring: the best epoch.';

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
  const shares = [baseline, start, ...accuracies];
  const [lowest, highest] = [100 * Math.min(...shares), 100 * Math.max(...shares)];
  const last = Math.max(10, 10 * Math.ceil(epochs.length / 10));
  // Made anew only when a tick changes, so that the frame is drawn anew only then.
  const { from, to, step } = axisAround([lowest, highest], 0, 100);
  const yAxis = useMemo(() => ({ from, to, step }), [from, to, step]);
  const xAxis = useMemo(() => ({ from: 0, to: last, step: last / 5 }), [last]);
  const x = (epoch: number) => leftOf(xAxis, epoch);
  const y = (accuracy: number) => topOf(yAxis, 100 * accuracy);
  const points = [start, ...accuracies].map((accuracy, epoch) => ({ x: x(epoch), y: y(accuracy) }));
  const end = points[points.length - 1];
  const stepEpochs = steps.map(({ epoch }) => epoch);
  const facts = { baseline, start, accuracies, best: best?.epoch ?? null, steps: stepEpochs, stop };
  const message = climbSentence(facts, FINETUNE_RULES);
  return (
    <div className={classes.drawing} role="img" aria-label={message}>
      <ChartFrame x={xAxis} y={yAxis} xLabel="Epoch" unit="&#8239;%" />
      <svg className={classes.line} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {[FINETUNE_RULES.tolerance, FINETUNE_RULES.excellent].map((below) => (
          <rect key={below} y={y(baseline)} width="100" height={bandBelow(y, baseline, below)} data-band />
        ))}
        <path d={`M0 ${y(baseline)}h100`} data-baseline />
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
          <span className={classes.stop} data-testid="stop-label" data-top={end.y > 60 || undefined}>
            {stopLabel(stop, FINETUNE_RULES)}
          </span>
        )}
      </div>
    </div>
  );
}

/** The height of the band of accuracies less than `below` under the original's, cut off at the bottom of the plot. */
function bandBelow(y: (accuracy: number) => number, baseline: number, below: number): number {
  return Math.min(100, y(baseline - below)) - y(baseline);
}
