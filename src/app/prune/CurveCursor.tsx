/** What moves over the chart: the cursor, the pruned network with its interval, and the fine-tuned one climbing. */
import { memo } from 'react';
import { wilsonInterval } from '../../lab/evaluate/interval';
import { type Finetuning, useExperiment } from '../../state/prune/experiment';
import { stopNear } from '../../state/prune/sheets';
import { points } from '../../state/words/format';
import classes from './CurveCard.module.css';
import { useCurve, useSheet, useTuned } from './selectors';

const top = (accuracy: number) => `${100 * (1 - accuracy)}%`;

export function CurveCursor() {
  const sheet = useSheet();
  const { units, tiles } = sheet;
  const { accuracy } = useCurve(sheet);
  const removed = useExperiment(({ setting }) => setting.removed);
  const tuned = useTuned();
  const now = accuracy[0][units - stopNear(sheet, removed)];
  const reached = tuned ? accuracyReached(tuned) : null;
  const [low, high] = wilsonInterval(now, tiles);
  const left = `${(100 * removed) / units}%`;
  return (
    <div className={classes.overlay} aria-hidden="true">
      <OneTile tiles={tiles} />
      <div className={classes.cursor} style={{ left }} />
      <div className={classes.whisker} style={{ left, top: top(high), height: `${100 * (high - low)}%` }} />
      {reached !== null && reached > now && (
        <div
          className={classes.climb}
          style={{ left, top: top(reached), height: `${100 * (reached - now)}%` }}
        />
      )}
      <div className={classes.dot} style={{ left, top: top(now) }} />
      {reached !== null && (
        <div
          data-testid="tuned-ring"
          className={`${classes.dot} ${classes.tuned}`}
          style={{ left, top: top(reached) }}
        />
      )}
    </div>
  );
}

/** A bar as high as one tile's worth, to scale. */
const OneTile = memo(function OneTile({ tiles }: { tiles: number }) {
  return (
    <div className={classes.oneTile}>
      <span className={classes.oneTileBar} style={{ height: `${100 / tiles}%` }} />
      <span className={classes.oneTileText}>one tile = {points(1 / tiles)}</span>
    </div>
  );
});

/** The best accuracy of a fine-tuning so far. */
export function accuracyReached(tuned: Finetuning): number | null {
  if (tuned.status === 'done') return tuned.result.accuracy;
  return tuned.epochs.length === 0 ? null : Math.max(...tuned.epochs.map(({ accuracy }) => accuracy));
}
