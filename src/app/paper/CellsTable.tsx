/** A table of a report as it stands: words above, a name before each row. */
import { FiguresTable } from '../parts/FiguresTable';
import classes from './ReportView.module.css';

interface Cells {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function CellsTable({ table: { head, rows }, label }: { table: Cells; label: string }) {
  return (
    <FiguresTable label={label} className={classes.table}>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells]) => (
          // A row may be held against several others.
          <tr key={[name, ...cells.slice(0, 2)].join(' ')}>
            <th scope="row">{name}</th>
            {cells.map((cell, i) => (
              <td key={head[i + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </FiguresTable>
  );
}
