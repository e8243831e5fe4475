/** A table of words as they stand: names above, and one before each row. */
import type { ComponentProps } from 'react';
import { FiguresTable } from './FiguresTable';

export interface Cells {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Props extends Omit<ComponentProps<typeof FiguresTable>, 'children'> {
  readonly table: Cells;
}

export function CellsTable({ table: { head, rows }, ...look }: Props) {
  return (
    <FiguresTable {...look}>
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
