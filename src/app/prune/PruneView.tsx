/** The first view: one slider over the curves; numbers, fine-tuning and the rotation check follow it. */
import { useHotkeys } from '@mantine/hooks';
import { redo, undo } from '../../stores/experiment';
import { ControlBar } from './ControlBar';
import { CurveCard } from './CurveCard';
import { FinetuneCard } from './FinetuneCard';
import { NumbersCard } from './NumbersCard';
import classes from './PruneView.module.css';
import { RotationCard } from './RotationCard';

export function PruneView() {
  useHotkeys([
    ['mod+Z', undo],
    ['mod+shift+Z', redo],
    ['mod+Y', redo],
  ]);
  return (
    <div className={classes.grid}>
      <section className={`card ${classes.main}`} aria-labelledby="prune-title">
        <ControlBar />
        <CurveCard />
      </section>
      <div className={classes.side}>
        <NumbersCard />
        <FinetuneCard />
      </div>
      <RotationCard className={classes.wide} />
    </div>
  );
}
