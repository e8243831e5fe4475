/** That the link came from a neighbour, before their curve and score may be seen; or that they cannot be read. */
import type { Lesson } from '../../state/learn/lessons/lesson';
import { useLesson } from '../../state/page/lesson';
import classes from './LessonPanel.module.css';
import { useNeighbour } from './useNeighbour';

export function NeighbourTold({ lesson }: { lesson: Lesson }) {
  const isThere = useLesson(({ open }) => open?.neighbour !== undefined);
  const neighbour = useNeighbour(lesson);
  if (!isThere) return null;
  return (
    <p className={classes.text} role="status" data-testid="neighbour">
      {neighbour
        ? 'This link holds a neighbour’s score. It is shown beside yours, each part when you have answered.'
        : 'The neighbour’s score in this link cannot be read: the link may be cut off, or of another version of the lesson. The lesson itself is all here.'}
    </p>
  );
}
