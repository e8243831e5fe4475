/** The first view: one slider over the curves; numbers, fine-tuning and the rotation check follow it. */
import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { type Part, useIsHidden } from '../../state/page/flags';
import { redo, undo } from '../../state/prune/experiment';
import { Hideable } from '../parts/Hideable';
import { ControlBar } from './ControlBar';
import { CurveCard } from './CurveCard';
import { FinetuneCard } from './FinetuneCard';
import { Later } from './Later';
import { Neurons } from './NeuronCard';
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
  const hidesNumbers = useIsHidden('numbers');
  const hidesFinetuning = useIsHidden('finetuning');
  const hasSide = !(hidesNumbers && hidesFinetuning);
  return (
    <div className={classes.grid} data-side={hasSide || undefined}>
      <section className={`card ${classes.main}`} aria-labelledby="prune-title">
        <ControlBar />
        <CurveCard />
        <Hideable part="strip">
          <Later place={<div className={classes.neurons} />}>
            <Neurons />
          </Later>
        </Hideable>
      </section>
      {hasSide && (
        <div className={classes.side}>
          <Card part="numbers" height={560}>
            <NumbersCard />
          </Card>
          <Card part="finetuning" height={440}>
            <FinetuneCard />
          </Card>
        </div>
      )}
      <Card part="rotation" height={480} className={classes.wide}>
        <RotationCard className={classes.wide} />
      </Card>
      <Card part="tile" height={110} className={classes.wide}>
        <TileCard className={classes.wide} />
      </Card>
    </div>
  );
}

interface CardProps {
  readonly part: Part;
  /** Of its place until it is mounted, in pixels. */
  readonly height: number;
  readonly className?: string;
  readonly children: ReactNode;
}

function Card({ part, height, className = '', children }: CardProps) {
  return (
    <Hideable part={part}>
      <Later place={<div className={`card ${className}`} style={{ minHeight: height }} />}>{children}</Later>
    </Hideable>
  );
}
