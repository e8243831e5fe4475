/** What every λ that was tried came to: accuracy, agreement and R, each with its spread. */
import type { Rows } from '../../state/words/adapting';
import { CellsTable } from '../parts/CellsTable';

export function LambdaTable({ table, label }: { table: Rows; label: string }) {
  return <CellsTable table={table} look="compared" label={label} testId="lambdas" />;
}
