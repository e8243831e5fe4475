/**
 * The stage: what belongs together, on one screen. A dozen tiles with their answers, the slider over its quiet curve, one
 * large accuracy, the turns, the recovery, and a sentence about what just happened. Nothing of it changes its size while
 * the slider moves or epochs go by.
 */
import { Button } from '@mantine/core';
import { useIsHidden } from '../../state/page/flags';
import { useLesson } from '../../state/page/lesson';
import { toggleDetails, useDetailsShown } from '../../state/prune/details';
import { Hideable } from '../parts/Hideable';
import { ControlBar } from './ControlBar';
import { Curve } from './CurveCard';
import { Later } from './Later';
import { PruneSlider } from './PruneSlider';
import { Recovery } from './Recovery';
import classes from './Stage.module.css';
import { StageAccuracy } from './StageAccuracy';
import { StageSentence } from './StageSentence';
import { TileStrip } from './TileStrip';
import { TurnBars } from './TurnBars';

export function Stage({ details }: { details: string }) {
  const hidesTurns = useIsHidden('rotation');
  const hidesRecovery = useIsHidden('finetuning');
  const isAlone = !useDetailsShown();
  return (
    <section
      className={`card ${classes.stage}`}
      aria-labelledby="prune-title"
      data-alone={isAlone || undefined}
    >
      <div className={classes.column}>
        <Hideable part="tiles">
          <TileStrip className={classes.tiles} />
        </Hideable>
        <div className={classes.control}>
          <ControlBar />
          <PruneSlider />
        </div>
        <Curve className={classes.curve} />
      </div>
      <div className={classes.column}>
        <StageAccuracy className={classes.accuracy} />
        {!hidesTurns && (
          <Later place={<div className={classes.turns} />}>
            <TurnBars className={classes.turns} />
          </Later>
        )}
        {!hidesRecovery && <Recovery className={classes.recovery} />}
      </div>
      <div className={classes.foot}>
        <StageSentence />
        <DetailsButton details={details} />
      </div>
    </section>
  );
}

/** Leads to what is not needed at first; while a lesson is open, all of it is there. */
function DetailsButton({ details }: { details: string }) {
  const isShown = useDetailsShown();
  const hasLesson = useLesson(({ open }) => open !== null);
  if (hasLesson) return null;
  const press = () => {
    toggleDetails();
    if (isShown) return;
    // With the next frame they are there.
    requestAnimationFrame(() => {
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      document
        .getElementById(details)
        ?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' });
    });
  };
  return (
    <Button
      variant="default"
      size="xs"
      h={34}
      className={classes.details}
      aria-expanded={isShown}
      aria-controls={isShown ? details : undefined}
      title="Methods, compensations, neurons, tables"
      onClick={press}
    >
      Details {isShown ? '▴' : '▾'}
    </Button>
  );
}
