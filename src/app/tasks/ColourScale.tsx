/** What the colours of both fields stand for: one scale, with its unit. */
import { TURNING_COLOURS } from '../../lab/fluids/picture';
import type { TasksForm } from '../../state/tasks/form';
import { small } from '../../state/words/format';
import classes from './ColourScale.module.css';

/** From the middle one on: speeds have no sign. */
const MIDDLE = (TURNING_COLOURS.length - 1) / 2;

export function ColourScale({ show, largest }: Pick<TasksForm, 'show'> & { readonly largest: number }) {
  const isVorticity = show === 'vorticity';
  const colours = isVorticity ? TURNING_COLOURS : TURNING_COLOURS.slice(MIDDLE);
  return (
    <div className={classes.scale}>
      <span>{isVorticity ? `−${small(largest)}` : '0'}</span>
      <span className={classes.bar} aria-hidden="true">
        {colours.map((colour) => (
          <span key={colour} style={{ background: colour }} />
        ))}
      </span>
      <span>{small(largest)}</span>
      <span className={classes.unit}>
        {isVorticity
          ? 'vorticity, per unit of time: blue turns one way, red the other, white not at all'
          : 'speed, in lengths per unit of time'}
        ; arrows: the velocity. The square is 2π long, and the mean square of the speed begins at 1.
      </span>
    </div>
  );
}
