/** What a lesson looks at, as a hook on the stores; null until networks are open. */
import { useMemo } from 'react';
import { useBroken } from '../../state/drivers/broken';
import { useMinds } from '../../state/drivers/minds';
import { useRace } from '../../state/drivers/race';
import { useRounding } from '../../state/drivers/rounding';
import { useUpright } from '../../state/drivers/upright';
import { useBoardTile } from '../../state/learn/lessons/boardTile';
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
  const turns = useBoardTile(({ turns }) => turns);
  const broken = useBroken();
  const compared = useMinds();
  const raced = useRace();
  const rounding = useRounding();
  const painted = useUpright();
  const backend = useLab(({ backend }) => backend);
  return useMemo(
    () =>
      seenFrom({
        sheet,
        peer,
        opened,
        settled,
        tuned,
        unit,
        tile,
        turns,
        broken,
        compared,
        raced,
        rounding,
        painted,
        backend,
      }),
    [
      sheet,
      peer,
      opened,
      settled,
      tuned,
      unit,
      tile,
      turns,
      broken,
      compared,
      raced,
      rounding,
      painted,
      backend,
    ],
  );
}
