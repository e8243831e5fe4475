/** What a lesson looks at, as a hook on the stores; null until networks are open. */
import { useMemo } from 'react';
import { useBroken } from '../../state/drivers/broken';
import { useRace } from '../../state/drivers/race';
import type { Seen } from '../../state/learn/lessons/lesson';
import { seenFrom } from '../../state/learn/seenHere';
import { useLab } from '../../state/page/lab';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { useNeuron } from '../../state/prune/neuron';
import { useSheets } from '../../state/prune/sheets';
import { useTile } from '../../state/prune/tile';

export function useSeen(): Seen | null {
  const sheet = useSheets(({ main }) => main);
  const peer = useSheets(({ peer }) => peer);
  const opened = useLab(({ opened }) => opened);
  const settled = useExperiment(({ settled }) => settled);
  const tuned = useExperiment((state) => finetuningOf(state, state.settled));
  const unit = useNeuron(({ unit }) => unit);
  const tile = useTile(({ tile }) => tile);
  const broken = useBroken();
  const raced = useRace();
  const backend = useLab(({ backend }) => backend);
  return useMemo(
    () => seenFrom({ sheet, peer, opened, settled, tuned, unit, tile, broken, raced, backend }),
    [sheet, peer, opened, settled, tuned, unit, tile, broken, raced, backend],
  );
}
