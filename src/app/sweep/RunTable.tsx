/** A row for each run, a mark for each job, in the column of its place. */
import type { ShownState } from '../../lab/sweep/failures';
import type { SweepPicture } from '../../lab/sweep/picture';
import { useSweeps } from '../../state/sweep/sweep';
import { Scrolling } from '../parts/Scrolling';
import { Marks, walkIn } from './Marks';
import classes from './RunTable.module.css';

interface Properties {
  readonly picture: SweepPicture;
  readonly states: ReadonlyMap<string, ShownState>;
  readonly chain: ReadonlySet<string>;
}

export function RunTable({ picture: { columns, rows }, states, chain }: Properties) {
  const chosen = useSweeps(({ job }) => job);
  // The order in which arrows meet them, row by row.
  const grid = rows.map(({ cells }) => cells.flat());
  const stop = chosen !== null && states.has(chosen) ? chosen : grid[0]?.[0]?.id;
  return (
    <Scrolling label="Runs and their steps">
      <table className={classes.table} onKeyDown={walkIn(grid)}>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {columns.map((step, i) => (
              <th key={`${i} ${step}`} scope="col">
                {step ?? i + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ run, cells }) => (
            <tr key={run}>
              <th scope="row">{run}</th>
              {cells.map((cell, i) => (
                <td key={i}>
                  {cell.length > 0 && (
                    <Marks jobs={cell} isNamed={columns[i] === null} {...{ states, chain, stop }} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
