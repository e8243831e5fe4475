/** Forgets a data set, after saying what is lost. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useDatasets } from '../../state/data/datasets';
import { removeDataset } from '../../state/drivers/datasets';
import { runsOn } from '../../state/drivers/training';
import { bytes, count } from '../../state/words/format';
import type { DatasetRow } from '../../storage/rows';
import { RemoveDialog } from '../parts/RemoveDialog';

export function RemoveButton({ row }: { row: DatasetRow }) {
  const [isAsking, setAsking] = useState(false);
  const busy = useDatasets(({ running }) => running !== null);
  return (
    <>
      <Button size="sm" variant="default" disabled={busy} onClick={() => setAsking(true)}>
        Remove
      </Button>
      <RemoveDialog
        name={row.title}
        opened={isAsking}
        onClose={() => setAsking(false)}
        onRemove={() => void removeDataset(row)}
      >
        {count(row.count, 'tile')} ({bytes(row.bytes)}) go from this browser; your own files stay.{' '}
        <RunsLine id={row.id} />
      </RemoveDialog>
    </>
  );
}

function RunsLine({ id }: { id: string }) {
  const [runs, setRuns] = useState<number | null>(null);
  useEffect(() => {
    let isGone = false;
    const tell = (n: number | null) => isGone || setRuns(n);
    runsOn(id).then(tell, () => tell(null));
    return () => {
      isGone = true;
    };
  }, [id]);
  if (runs === 0) return 'No run was trained on it.';
  const which = runs === null ? 'Runs' : count(runs, 'run');
  return `${which} trained on it ${runs === 1 ? 'stays' : 'stay'} in the list, but cannot be continued or opened without it.`;
}
