/** The networks that can be chosen in front of pictures. */

import { useNetworks } from '../../state/drivers/networks';
import { useExperiment } from '../../state/prune/experiment';
import { useSheets } from '../../state/prune/sheets';
import { useLooking } from '../../state/rotate/looking';
import { keptNet, netsOfRun, PRUNED } from '../../state/rotate/netRefs';

/** What a slot may hold: everything that no other slot does. */
export function useOffered(names: readonly string[]) {
  const choices = useLooking(({ choices }) => choices) ?? [];
  const runs = useLooking(({ runs }) => runs);
  const kept = useNetworks(({ rows }) => rows) ?? [];
  const hasSheet = useSheets(({ main }) => main !== null);
  const isPruned = useExperiment(({ settled }) => settled.removed > 0) && hasSheet;
  return (own: string | null) => {
    const free = ({ value }: { value: string }) => value === own || !names.includes(value);
    const trainedOn = (synthetic: boolean) =>
      choices
        // The smallest are there for tests.
        .filter(
          ({ dataset, size, id }) => (dataset === 'synthetic') === synthetic && (size >= 32 || id === own),
        )
        .map(({ id, title }) => ({ value: id, label: title }));
    const files = kept.map(({ id, name }) => ({ value: keptNet(id), label: name }));
    const mine = [...files, ...runs.flatMap((run) => netsOfRun(run).toReversed())];
    const isMissing = own && /^(run|file):/.test(own) && mine.every(({ value }) => value !== own);
    const gone = isMissing ? [{ value: own, label: 'A network that is not here' }] : [];
    return [
      { group: 'My networks', items: [...mine, ...gone] },
      { group: 'Trained on synthetic tiles', items: trainedOn(true) },
      { group: 'Trained on real tiles', items: trainedOn(false) },
      {
        group: 'On the Prune view',
        items:
          isPruned || own === PRUNED ? [{ value: PRUNED, label: 'The network as it is pruned there' }] : [],
      },
    ]
      .map(({ group, items }) => ({ group, items: items.filter(free) }))
      .filter(({ items }) => items.length > 0);
  };
}
