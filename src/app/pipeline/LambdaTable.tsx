/** What every λ that was tried came to: accuracy, agreement and R, each with its spread. */
import type { Rows } from '../../state/words/adapting';
import { FiguresTable } from '../parts/FiguresTable';

export function LambdaTable({ table, label }: { table: Rows; label: string }) {
  return (
    <FiguresTable look="compared" label={label} testId="lambdas">
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
