/** The data sets a run can be trained on: the synthetic one and those kept in this browser. */
import { useEffect, useMemo } from 'react';
import { useDatasets } from '../../state/data/datasets';
import { refreshDatasets } from '../../state/drivers/datasets';
import type { PlanData } from '../../state/train/plan';
import { SYNTHETIC_FACTS } from '../data/synthetic';

/** null until the kept ones were read. */
export function usePlanData(): readonly PlanData[] | null {
  const rows = useDatasets(({ rows }) => rows);
  useEffect(() => void refreshDatasets(), []);
  return useMemo(() => rows && [SYNTHETIC_FACTS, ...rows], [rows]);
}
