/** Tiles at all four turns, with what the plain network says of each; the equivariant one keeps its answer. */
import { breakable } from './breakable';
import type { ExhibitProps } from './exhibit';
import { MindPicture } from './MindPicture';
import classes from './Minds.module.css';
import { NoMinds } from './NoMinds';
import { useMinds } from './useMinds';

/** Rows that are shown: on a phone too they are looked at one by one. */
const ROWS = 4;
const TURNS = [0, 1, 2, 3];

export function TurnedBoard({ seen }: ExhibitProps) {
  const minds = useMinds(seen);
  if (minds.status !== 'done' || minds.result.found === 0) return <NoMinds minds={minds} />;
  const { shown, size, channels } = minds.result;
  const names = seen.opened.nets.main.classes;
  return (
    <div className={classes.rows}>
      <p className="caption">
        What the plain network says. The equivariant one says what is true at all turns.
      </p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">In truth</th>
            {TURNS.map((turn) => (
              <th key={turn} scope="col">
                {90 * turn}°
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, ROWS).map(({ label, moved, pixels }, row) => (
            <tr key={`${row} ${label}`}>
              <th scope="row">{breakable(names[label])}</th>
              {TURNS.map((turn) => (
                <td key={turn} data-wrong={moved[turn] !== label || undefined}>
                  <MindPicture
                    {...{ size, channels, pixels }}
                    turns={turn}
                    label={`A tile of the class ${names[label]}, turned by ${90 * turn}°`}
                  />
                  <span>
                    {moved[turn] !== label && '↯ '}
                    {breakable(names[moved[turn]])}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
