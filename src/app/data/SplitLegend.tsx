/** Which mark stands for which part of the split. */
import { SPLIT_NAMES } from '../../lab/data/split/splits';
import { Legend, SurfaceKey } from '../charts/Legend';
import marks from './parts.module.css';
import { PART_TITLES } from './split';

export function SplitLegend() {
  return (
    <Legend
      entries={SPLIT_NAMES.map((name) => ({
        name: PART_TITLES[name],
        key: <SurfaceKey className={marks[name]} />,
      }))}
      hidden
    />
  );
}
