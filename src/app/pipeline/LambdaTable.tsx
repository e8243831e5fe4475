/** What every λ that was tried came to over its folds: accuracy, agreement and R, each with its spread. */
import type { StageRecord } from '../../lab/stage/store';
import { lambdaRows } from '../../state/words/adapting';
import { FiguresTable } from '../parts/FiguresTable';

export function LambdaTable({ record }: { record: StageRecord }) {
  const table = lambdaRows(record);
  if (!table) return null;
  return (
    <FiguresTable look="compared" label="Every λ over its folds" testId="lambdas">
      <thead>
        <tr>
          {table.head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map(([lambda, ...cells]) => (
          <tr key={lambda}>
            <th scope="row">{lambda}</th>
            {cells.map((cell, at) => (
              <td key={table.head[at + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </FiguresTable>
  );
}
