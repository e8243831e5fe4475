/** While tiles are looked for, and where there are none. */
import { Button } from '@mantine/core';
import type { Minds } from '../../../lab/prune/neurons/minds';
import type { Measured } from '../../../state/drivers/measured';
import { measureMinds } from '../../../state/drivers/minds';
import { count } from '../../../state/words/format';

export function NoMinds({ minds }: { minds: Measured<Minds> }) {
  if (minds.status === 'failed')
    return (
      <p role="alert">
        {minds.message}{' '}
        <Button size="compact-xs" variant="default" onClick={() => void measureMinds()}>
          Try again
        </Button>
      </p>
    );
  return (
    <p role="status">
      {minds.status === 'done'
        ? `Of ${count(minds.result.tiles, 'validation tile')} there is none on which only the plain network changes its mind: there is nothing to show here.`
        : 'Looking for tiles on which the networks differ …'}
    </p>
  );
}
