/** Tiles whose answer changed, small; the one that is pressed is looked at. */
import type { ChangedTiles } from '../../../lab/prune/counterexamples/changed';
import classes from './Changed.module.css';
import { MindPicture } from './MindPicture';

interface Props {
  readonly changed: ChangedTiles;
  /** Names it, to those who do not see it. */
  readonly label: string;
  readonly names: readonly string[];
  readonly chosen: number;
  readonly onChoose: (at: number) => void;
}

export function ChangedGrid({ changed: { shown, size, channels }, label, names, chosen, onChoose }: Props) {
  return (
    <ul className={classes.grid} aria-label={label}>
      {shown.map((tile, at) => (
        <li key={at}>
          <button type="button" aria-pressed={at === chosen} onClick={() => onChoose(at)}>
            <MindPicture
              {...{ size, channels }}
              pixels={tile.pixels}
              turns={0}
              label={`${at + 1}: ${names[tile.label]}`}
            />
          </button>
        </li>
      ))}
    </ul>
  );
}
