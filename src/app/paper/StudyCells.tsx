/** Cells of a study as one table, folded away until someone asks: there are many. */
import type { CellTable } from '../../lab/reproduce/cellWords';
import { CellsTable } from '../parts/CellsTable';
import classes from './ReportView.module.css';

export function StudyCells({ table }: { table: CellTable }) {
  return (
    <details className={classes.cells}>
      <summary>{table.title}</summary>
      <CellsTable className={classes.table} table={table} label={table.title} />
    </details>
  );
}
