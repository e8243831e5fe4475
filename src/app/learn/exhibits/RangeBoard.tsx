/** A shared range that is made wider and wider: the levels that are left to a tile, and the answers that this costs. */
import { progressOf, useProgress } from '../../../state/learn/lessonProgress';
import { count, percent } from '../../../state/words/format';
import type { ExhibitProps } from './exhibit';
import classes from './RangeBoard.module.css';

export function RangeBoard({ lesson, at, seen }: ExhibitProps) {
  const { rounded } = seen;
  const isAsked = lesson.steps[at - 1].kind === 'question';
  const answered = useProgress((state) => Boolean(progressOf(state, lesson.id).answers[at]));
  if (rounded.status !== 'done' || (isAsked && !answered))
    return (
      <p className="caption">
        {rounded.status === 'running'
          ? 'Rounding …'
          : 'What happens as the range grows wider stands here once the question is answered.'}
      </p>
    );
  const { widened, tiles, batch } = rounded.result;
  const most = Math.max(1, ...widened.map(({ swayed }) => swayed));
  return (
    <table className={classes.table} data-testid="ranges">
      <caption className="caption">
        One neighbour in each batch of {batch} that sets the range of all, ever wider: what is left to the
        median tile, and how many of {count(tiles, 'tile')} answer otherwise than with a range of their own.
      </caption>
      <thead>
        <tr>
          <th scope="col">Range, times that of all tiles</th>
          <th scope="col">Levels left, of 127</th>
          <th scope="col">Other answers</th>
          <th scope="col">Accuracy</th>
        </tr>
      </thead>
      <tbody>
        {widened.map(({ times, levels, swayed, accuracy }) => (
          <tr key={times}>
            <th scope="row">{times}</th>
            <td>{levels < 1 ? 'less than 1' : Math.round(levels)}</td>
            <td>
              <i className={classes.bar} style={{ width: `${(70 * swayed) / most}%` }} aria-hidden="true" />{' '}
              {swayed}
            </td>
            <td>{percent(accuracy)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
