/** How far the run is that keeps a form's button from starting another one: beside that button, wherever the run's own card is. */
import { Button, Group, Progress } from '@mantine/core';
import { pause, resume } from '../../state/drivers/training';
import { type LiveRun, shareOfRun } from '../../state/train/live';
import { wholePercent } from '../../state/words/format';
import { statusText } from './LiveParts';
import classes from './LiveParts.module.css';

export function RunBeside({ live }: { live: LiveRun }) {
  const { plan, records, status } = live;
  const share = shareOfRun(live);
  const stage =
    plan.length > 1 ? `Stage ${Math.min(plan.length, records.length + 1)} of ${plan.length}. ` : '';
  const isPaused = status === 'paused';
  return (
    <div className={classes.beside} data-testid="run-beside">
      <p className="caption">
        {stage}
        {statusText(live)}
      </p>
      <Progress
        value={100 * share}
        aria-label={`Done: ${wholePercent(share)}`}
        transitionDuration={0}
        color={isPaused ? 'gray' : undefined}
      />
      <Group gap={8}>
        <Button
          size="compact-sm"
          variant="default"
          disabled={status === 'starting' || status === 'stopping'}
          onClick={isPaused ? resume : pause}
        >
          {isPaused ? 'Go on' : 'Hold'}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={showRun}>
          To the run
        </Button>
      </Group>
    </div>
  );
}

/** Its own card, with all that can be done with it. */
function showRun(): void {
  const title = document.getElementById('run-title');
  title?.closest('section')?.scrollIntoView({ block: 'start' });
  title?.focus({ preventScroll: true });
}
