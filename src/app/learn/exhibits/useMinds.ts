/** The tiles on which the networks differ when they turn: looked for as soon as they are to be shown. */
import { useEffect } from 'react';
import { measureMinds } from '../../../state/drivers/minds';
import type { Seen } from '../../../state/learn/lessons/lesson';
import { useLab } from '../../../state/page/lab';

export function useMinds({ compared: { minds } }: Seen) {
  const isReady = useLab(({ status }) => status === 'ready');
  const isMissing = minds.status === 'none';
  useEffect(() => {
    // Before, the networks have not seen all tiles.
    if (isReady && isMissing) void measureMinds();
  }, [isReady, isMissing]);
  return minds;
}
