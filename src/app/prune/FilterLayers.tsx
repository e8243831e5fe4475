/** Of a network from elsewhere: which layers lose filters, those that a sum ties as one, and how many stay at the slider's position. */
import { useMemo } from 'react';
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import { useExperiment } from '../../state/prune/experiment';
import { layerOf } from '../../state/prune/unitNames';
import { count, whole } from '../../state/words/format';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import classes from './FilterLayers.module.css';
import { useCurve, useSheet } from './selectors';

export function FilterLayers() {
  const sheet = useSheet();
  const makers = sheet.makers ?? [];
  const tied = makers.filter(({ length }) => length > 1).length;
  return (
    <details className={classes.layers}>
      <summary>
        <span>
          The same share of each layer goes
          {tied > 0 &&
            `; ${count(tied, 'set')} of layers that sums tie ${tied === 1 ? 'loses' : 'lose'} the same filters`}
        </span>
      </summary>
      <Layers sheet={sheet} />
    </details>
  );
}

function Layers({ sheet }: { sheet: Sheet }) {
  const curve = useCurve(sheet);
  return (
    <FiguresTable label="Filters layer by layer" className={classes.table} testId="filter-layers">
      <thead>
        <tr>
          <th scope="col">
            <Explained text="What one layer leaves and a residual sum adds to what another leaves is numbered alike: such layers lose the same filters, and depthwise convolutions behind them lose theirs.">
              Layers
            </Explained>
          </th>
          <th scope="col">Filters</th>
          <th scope="col">Stay</th>
        </tr>
      </thead>
      <Rows sheet={sheet} curve={curve} />
    </FiguresTable>
  );
}

function Rows({ sheet, curve }: { sheet: Sheet; curve: SheetCurve }) {
  const removed = useExperiment(({ setting }) => setting.removed);
  const { layers, makers = [], units } = sheet;
  const staying = useMemo(() => {
    const counts = layers.map(() => 0);
    for (const unit of curve.order.subarray(0, units - removed)) counts[layerOf(layers, unit)]++;
    return counts;
  }, [layers, curve, units, removed]);
  return (
    <tbody>
      {layers.map((all, i) => (
        <tr key={makers[i].join()}>
          <th scope="row">{makers[i].join(' + ')}</th>
          <td>{whole(all)}</td>
          <td>{whole(staying[i])}</td>
        </tr>
      ))}
    </tbody>
  );
}
