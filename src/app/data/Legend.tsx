/** Which mark stands for which part of the split. */
import { SPLIT_NAMES } from '../../lab/data/split/splits';
import classes from '../charts/Legend.module.css';
import marks from './parts.module.css';
import { PART_TITLES } from './split';

export function Legend() {
  return (
    <ul className={classes.legend} aria-hidden="true">
      {SPLIT_NAMES.map((name) => (
        <li key={name}>
          <span className={`${classes.key} ${marks[name]}`} />
          {PART_TITLES[name]}
        </li>
      ))}
    </ul>
  );
}
