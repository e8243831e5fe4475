/** What a lesson looks at, as a hook on the stores; null until networks are open. */
import { useMemo } from 'react';
import { brokenAt, useBroken } from '../../stores/broken';
import { finetuningOf, useExperiment } from '../../stores/experiment';
import { useLab } from '../../stores/lab';
import type { Seen } from '../../stores/lessons/lesson';
import { useNeuron } from '../../stores/neuron';
import { useStudy } from '../../stores/study';
import { useTile } from '../../stores/tile';

export function useSeen(): Seen | null {
  const sheet = useStudy(({ main }) => main);
  const peer = useStudy(({ peer }) => peer);
  const opened = useLab(({ opened }) => opened);
  const settled = useExperiment(({ settled }) => settled);
  const tuned = useExperiment((state) => finetuningOf(state, state.settled));
  const unit = useNeuron(({ unit }) => unit);
  const tile = useTile(({ tile }) => tile);
  const broken = useBroken();
  return useMemo(() => {
    // Curves of both, so that no sentence is about one network that was meant about two.
    if (!sheet || !opened || (opened.nets.peer && !peer)) return null;
    return { sheet, peer, opened, settled, tuned, unit, tile, broken: brokenAt(broken, opened, settled) };
  }, [sheet, peer, opened, settled, tuned, unit, tile, broken]);
}
