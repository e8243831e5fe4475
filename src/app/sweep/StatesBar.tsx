/** How many of some jobs are in each state, as one bar. What it says stands in words beside it, or in its label. */
import { SHOWN_STATES, type ShownState } from '../../lab/sweep/failures';
import classes from './StatesBar.module.css';

interface Properties {
  readonly counts: Readonly<Record<ShownState, number>>;
  readonly label?: string;
}

export function StatesBar({ counts, label }: Properties) {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <div className={classes.bar} {...named}>
      {SHOWN_STATES.filter((state) => counts[state] > 0).map((state) => (
        <span key={state} className={classes[state]} style={{ flexGrow: counts[state] }} />
      ))}
    </div>
  );
}
