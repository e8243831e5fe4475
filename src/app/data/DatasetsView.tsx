/** The Data view: drop or choose tiles, see what is kept, look at one set and its split, train on it. */
import { useEffect, useState } from 'react';
import type { ContactSheet } from '../../lab/data/contactSheet';
import { useDatasets } from '../../state/data/datasets';
import { givenByDrop } from '../../state/data/dropped';
import { importGiven, refreshDatasets } from '../../state/drivers/datasets';
import { useDropZone } from '../parts/useDropZone';
import { ClashDialog } from './ClashDialog';
import { DatasetDetails } from './DatasetDetails';
import { DatasetList } from './DatasetList';
import classes from './DatasetsView.module.css';
import { GetCard } from './GetCard';
import { ImportCard } from './ImportCard';
import { SYNTHETIC_FACTS, syntheticSheet } from './synthetic';

export default function DatasetsView() {
  useEffect(() => void refreshDatasets(), []);
  // Anywhere on the page will do: the zone shows that it does.
  const over = useDropZone((event) => void importGiven(() => givenByDrop(event)));
  return (
    <div className={classes.grid}>
      <div className={classes.side}>
        <ImportCard over={over} />
        <DatasetList />
        <GetCard />
      </div>
      <Shown />
      <ClashDialog />
    </div>
  );
}

function Shown() {
  const row = useDatasets(({ rows, shown }) => rows?.find(({ id }) => id === shown));
  const [sheet, setSheet] = useState<ContactSheet | null>(null);
  useEffect(() => {
    let isGone = false;
    void syntheticSheet().then((painted) => isGone || setSheet(painted));
    return () => {
      isGone = true;
    };
  }, []);
  if (row) return <DatasetDetails key={row.id} facts={row} sheet={row.sheet} row={row} />;
  return <DatasetDetails facts={SYNTHETIC_FACTS} sheet={sheet} row={null} />;
}
