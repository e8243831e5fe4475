/** Fields, kernel, parameters and multiply-adds of each layer, before ⇒ after, and in all. */
import { memo } from 'react';
import type { ArchSpec } from '../../lab/families/gcnn/arch';
import type { TrunkPlan } from '../../lab/prune/trunk/choice';
import { type LayerRow, layerRows } from '../../state/fields/layerRows';
import { less, millions, whole } from '../../state/words/format';
import { FiguresTable } from '../parts/FiguresTable';
import classes from './LayersCard.module.css';

export const LayersTable = memo(function LayersTable({
  arch,
  plan,
}: {
  arch: ArchSpec;
  plan: TrunkPlan | null;
}) {
  const { layers, total } = layerRows(arch, plan?.arch ?? arch);
  return (
    <FiguresTable label="Layers before and after" className={classes.table} testId="layers-table">
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Fields</th>
          <th scope="col">Kernel</th>
          <th scope="col">Parameters</th>
          <th scope="col">Multiply-adds</th>
        </tr>
      </thead>
      <tbody>
        {layers.map((row) => (
          <Row key={row.name} row={row} />
        ))}
      </tbody>
      <tfoot>
        <Row row={total} />
      </tfoot>
    </FiguresTable>
  );
});

function Row({ row: { name, fields, kernel, params, macs } }: { row: LayerRow }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <Pair pair={fields} write={whole} />
      <Pair pair={kernel} write={(side) => `${side}×${side}`} />
      <Pair pair={params} write={whole} share />
      <Pair pair={macs} write={millions} share />
    </tr>
  );
}

function Pair({
  pair,
  write,
  share = false,
}: {
  pair: readonly [number, number] | null;
  write(value: number): string;
  share?: boolean;
}) {
  if (!pair) return <td>–</td>;
  const [was, is] = pair;
  return (
    <td data-changed={was !== is || undefined}>
      {was === is ? write(was) : `${write(was)} ⇒ ${write(is)}`}
      {share && <small>{was === is ? '' : less(was, is)}</small>}
    </td>
  );
}
