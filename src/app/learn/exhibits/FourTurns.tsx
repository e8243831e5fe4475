/** One tile at the four quarter turns, with what two networks say of it each time. */
import type { ChangedTile, ChangedTiles } from '../../../lab/prune/counterexamples/changed';
import { breakable } from './breakable';
import classes from './Changed.module.css';
import { MindPicture } from './MindPicture';

interface Props extends Pick<ChangedTiles, 'size' | 'channels'> {
  readonly tile: ChangedTile;
  readonly names: readonly string[];
  /** Of the network that was pruned rightly, and of the other. */
  readonly right: string;
  readonly wrong: string;
}

export function FourTurns({ tile, names, right, wrong, size, channels }: Props) {
  const { label, pixels } = tile;
  const said = (answers: readonly number[], turn: number) => (
    <td key={turn} data-wrong={answers[turn] !== label || undefined}>
      {answers[turn] !== label && '↯ '}
      {breakable(names[answers[turn]])}
    </td>
  );
  return (
    <table className={classes.turns} data-testid="four-turns">
      <thead>
        <tr>
          <th scope="col">
            In truth: <strong>{breakable(names[label])}</strong>
          </th>
          {tile.right.map((_, turn) => (
            <td key={90 * turn}>
              <MindPicture
                {...{ size, channels, pixels }}
                turns={turn}
                label={`A tile of the class ${names[label]}, turned by ${90 * turn}°`}
              />
              {90 * turn}°
            </td>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{right}</th>
          {tile.right.map((_, turn) => said(tile.right, turn))}
        </tr>
        <tr>
          <th scope="row">{wrong}</th>
          {tile.wrong.map((_, turn) => said(tile.wrong, turn))}
        </tr>
      </tbody>
    </table>
  );
}
