/** What stands behind the stage: methods and compensations, neurons, figures, fine-tuning and turns at length, a tile of one's own. */
import { type ReactNode, Suspense } from 'react';
import { type Part, useIsHidden } from '../../state/page/flags';
import { Hideable } from '../parts/Hideable';
import { lazyView } from '../parts/lazyView';
import { WrongOfBench } from '../wrong/WrongOfBench';
import { CurveDetails } from './CurveCard';
import { FinetuneCard } from './FinetuneCard';
import { Later } from './Later';
import { Neurons } from './NeuronCard';
import { NumbersCard } from './NumbersCard';
import classes from './PruneView.module.css';
import { RotationCard } from './RotationCard';
import { useSheet } from './selectors';
import { TileCard } from './TileCard';

/** Of transformers alone. */
const WayFields = lazyView(async () => ({ default: (await import('./WayFields')).WayFields }));
/** Of networks from elsewhere alone. */
const FilterLayers = lazyView(async () => ({ default: (await import('./FilterLayers')).FilterLayers }));

export function Details() {
  const hidesNumbers = useIsHidden('numbers');
  const hidesFinetuning = useIsHidden('finetuning');
  const { unit } = useSheet();
  const hasSide = !(hidesNumbers && hidesFinetuning);
  return (
    <div className={classes.grid} data-side={hasSide || undefined}>
      <section className={`card ${classes.main}`} aria-label="How it is pruned">
        <Suspense>
          {unit === 'filter' && <FilterLayers />}
          {(unit === 'mlp' || unit === 'heads') && <WayFields />}
        </Suspense>
        <CurveDetails />
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
      <Card part="wrong" height={130} className={classes.wide}>
        <WrongOfBench className={classes.wide} />
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
