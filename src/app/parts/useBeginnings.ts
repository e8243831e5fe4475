/** The networks that something can begin with: mine in floats, and those beside the page. */
import { useEffect } from 'react';
import { readShipped } from '../../state/drivers/adapting';
import { refreshNetworks, useNetworks } from '../../state/drivers/networks';
import { useTraining } from '../../state/drivers/training';
import { ownNetworks } from '../../state/prune/subjects';
import { linkName } from '../../state/rotate/netRefs';

interface Shipped {
  readonly id: string;
  readonly title: string;
}

/** Groups of a list to choose from, empty ones left out. `named`: stands on it though it is for tests alone. */
export function useBeginnings(shipped: readonly Shipped[], named?: string) {
  const runs = useTraining(({ rows }) => rows) ?? [];
  const kept = useNetworks(({ rows }) => rows) ?? [];
  useEffect(() => {
    void refreshNetworks();
    void readShipped();
  }, []);
  const own = ownNetworks(runs, kept).filter(({ integers }) => !integers);
  return [
    {
      group: 'My networks',
      items: own.map(({ subject, name }) => ({ value: linkName(subject), label: name })),
    },
    {
      group: 'Trained beforehand',
      items: shipped
        .filter(({ id, title }) => !title.includes('(for tests)') || id === named)
        .map(({ id, title }) => ({ value: id, label: title })),
    },
  ].filter(({ items }) => items.length > 0);
}
