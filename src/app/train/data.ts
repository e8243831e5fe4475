/** The data sets a run can be trained on: the synthetic one and those kept in this browser. */
import { useEffect, useState } from 'react';
import { SYNTHETIC_PER_CLASS, syntheticDataset } from '../../lab/data/synthetic';
import { listDatasets, SYNTHETIC } from '../../library/datasets';
import type { PlanData } from '../../stores/plan';

/** Without a tile painted: what it is called and what is in it. */
const synthetic: PlanData = (() => {
  const { title, classes, size } = syntheticDataset({ perClass: 0 });
  const counts = classes.map(() => SYNTHETIC_PER_CLASS);
  const count = SYNTHETIC_PER_CLASS * classes.length;
  return { id: SYNTHETIC, title, synthetic: true, classes, counts, size, count };
})();

/** null until the kept ones were read. */
export function useDatasets(): readonly PlanData[] | null {
  const [kept, setKept] = useState<readonly PlanData[] | null>(null);
  useEffect(() => {
    let wanted = true;
    void listDatasets().then((rows) => wanted && setKept(rows));
    return () => {
      wanted = false;
    };
  }, []);
  return kept && [synthetic, ...kept];
}
