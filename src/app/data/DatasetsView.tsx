/** The Data view: drop or choose tiles, see what is kept, look at one set and its split, train on it. */
import { type DragEvent, useEffect, useState } from 'react';
import type { ContactSheet } from '../../lab/data/contactSheet';
import { importGiven, refreshDatasets, useDatasets } from '../../stores/datasets';
import { givenByDrop } from '../../stores/dropped';
import { ClashDialog } from './ClashDialog';
import { DatasetDetails } from './DatasetDetails';
import { DatasetList } from './DatasetList';
import classes from './DatasetsView.module.css';
import { GetCard } from './GetCard';
import { ImportCard } from './ImportCard';
import { SYNTHETIC_FACTS, syntheticSheet } from './synthetic';

export default function DatasetsView() {
  const [over, setOver] = useState(false);
  useEffect(() => void refreshDatasets(), []);
  // Anywhere on the view will do: the zone shows that it does.
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void importGiven(() => givenByDrop(event.nativeEvent));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a pointer; buttons do the same by keyboard.
    <div
      className={classes.grid}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
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
