/** Where to go on after a lesson: views, as links. */
import type { Lesson } from '../../state/learn/lessons/lesson';
import { showView, VIEWS } from '../../state/page/view';
import classes from './LessonPanel.module.css';

export function More({ lesson }: { lesson: Lesson }) {
  const offered = lesson.more.flatMap(({ view, words }) => {
    const known = VIEWS.find((each) => each === view);
    return known ? [{ view: known, words }] : [];
  });
  return (
    <ul className={classes.more}>
      {offered.map(({ view, words }) => (
        <li key={view}>
          <a
            href={`#view=${view}`}
            onClick={(event) => {
              event.preventDefault();
              showView(view);
            }}
          >
            {words}
          </a>
        </li>
      ))}
    </ul>
  );
}
