/** One large accuracy: of the network as the tiles above are answered, with what it was before. */

import { wilsonInterval } from '../../lab/evaluate/interval';
import { rulesFor } from '../../state/drivers/session';
import { useLab } from '../../state/page/lab';
import { type Finetuning, finetuningOf, useExperiment } from '../../state/prune/experiment';
import { pointOf } from '../../state/prune/sheets';
import { count, percent, shownChange } from '../../state/words/format';
import { Explained } from '../parts/Explained';
import { progressText } from '../parts/progress';
import classes from './StageAccuracy.module.css';
import { useCurve, useSheet } from './selectors';

export function StageAccuracy({ className }: { className: string }) {
  const sheet = useSheet();
  const { tiles } = sheet;
  const curve = useCurve(sheet);
  const removed = useExperiment(({ setting }) => setting.removed);
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const before = pointOf(sheet, curve, 0).accuracy;
  const pruned = pointOf(sheet, curve, removed).accuracy;
  const reached = tuned ? accuracyNow(tuned) : null;
  const now = reached ?? pruned;
  // While the remaining tiles are run, or further curves.
  const progress = useLab(({ status, progress }) => (status === 'opening' ? null : progress));
  const state =
    reached !== null ? `fine-tuned from ${percent(pruned)}` : removed === 0 ? 'nothing removed' : 'pruned';
  const [low, high] = wilsonInterval(now, tiles);
  return (
    <div className={`${className} ${classes.accuracy}`}>
      <p
        className={classes.now}
        data-lost={shownChange(now, before) > rulesFor(sheet.unit).tolerance || undefined}
      >
        <span data-testid="stage-accuracy">{percent(now)}</span>
      </p>
      <div className={classes.beside}>
        <p className={classes.was}>was {percent(before)}</p>
        <p className={`caption ${classes.state}`}>{progress ? `${progressText(progress)}.` : state}</p>
        <p className="caption">
          <Explained
            term="interval"
            text={`Share of the ${count(tiles, 'validation tile')} that are answered right, upright. So few tiles leave an interval of ${percent(low)} to ${percent(high)} (95 %, Wilson).`}
          >
            accuracy on {count(tiles, 'tile')}
          </Explained>
        </p>
      </div>
    </div>
  );
}

/** After the latest epoch; once it is over, of the network that is kept. */
function accuracyNow(tuned: Finetuning): number | null {
  if (tuned.status === 'done') return tuned.result.accuracy;
  return tuned.epochs.at(-1)?.accuracy ?? null;
}
