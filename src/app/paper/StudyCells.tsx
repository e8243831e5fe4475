/** Cells of a study as one table, folded away until someone asks: there are many. */
import type { CellTable } from '../../lab/reproduce/cellWords';
import { CellsTable } from './CellsTable';
import classes from './ReportView.module.css';

export function StudyCells({ table }: { table: CellTable }) {
  return (
    <details className={classes.cells}>
      <summary>{table.title}</summary>
      <CellsTable table={table} label={table.title} />
    </details>
  );
}
