/** What moves over the chart: the cursor, the pruned network, and the fine-tuned one climbing. */
import { type Finetuning, finetuningOf, useExperiment } from '../../stores/experiment';
import classes from './CurveCard.module.css';
import { usePoints, useSheet } from './selectors';

const top = (accuracy: number) => `${100 * (1 - accuracy)}%`;

export function CurveCursor() {
  const { units } = useSheet();
  const removed = useExperiment(({ setting }) => setting.removed);
  const { now } = usePoints('main')!;
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const reached = tuned ? accuracyReached(tuned) : null;
  const left = `${(100 * removed) / units}%`;
  return (
    <div className={classes.overlay} aria-hidden="true">
      <div className={classes.cursor} style={{ left }} />
      {reached !== null && reached > now.accuracy && (
        <div
          className={classes.climb}
          style={{ left, top: top(reached), height: `${100 * (reached - now.accuracy)}%` }}
        />
      )}
      <div className={classes.dot} style={{ left, top: top(now.accuracy) }} />
      {reached !== null && (
        <div className={`${classes.dot} ${classes.tuned}`} style={{ left, top: top(reached) }} />
      )}
    </div>
  );
}

/** The best accuracy of a fine-tuning so far. */
export function accuracyReached(tuned: Finetuning): number | null {
  if (tuned.status === 'done') return tuned.result.accuracy;
  return tuned.epochs.length === 0 ? null : Math.max(...tuned.epochs.map(({ accuracy }) => accuracy));
}
