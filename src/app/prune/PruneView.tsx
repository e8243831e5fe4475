/** The first view: one slider over the curves; numbers, fine-tuning and the rotation check follow it. */
import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import { redo, undo } from '../../stores/experiment';
import { ControlBar } from './ControlBar';
import { CurveCard } from './CurveCard';
import { FinetuneCard } from './FinetuneCard';
import { NumbersCard } from './NumbersCard';
import classes from './PruneView.module.css';
import { RotationCard } from './RotationCard';
import { TileCard } from './TileCard';

export function PruneView() {
  const keys: HotkeyItem[] = [
    ['mod+Z', undo],
    ['mod+shift+Z', redo],
    ['mod+Y', redo],
  ];
  // Radio buttons and the slider have no undo of their own, so no element is left out.
  useHotkeys(keys, []);
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
      <TileCard className={classes.wide} />
    </div>
  );
}
