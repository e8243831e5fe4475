/** Cells of a study as one table, folded away until someone asks: there are many. */
import type { CellTable } from '../../lab/reproduce/cellWords';
import { FiguresTable } from '../parts/FiguresTable';
import classes from './ReportView.module.css';

export function StudyCells({ table: { title, head, rows } }: { table: CellTable }) {
  return (
    <details className={classes.cells}>
      <summary>{title}</summary>
      <FiguresTable label={title} className={classes.table}>
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
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, i) => (
                <td key={head[i + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </FiguresTable>
    </details>
  );
}
