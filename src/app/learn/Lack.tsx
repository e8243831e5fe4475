/** Why a lesson cannot show anything now. */
import { Button } from '@mantine/core';
import { DEFAULT_SUBJECT } from '../../state/address/link';
import { openSubject } from '../../state/drivers/session';
import type { Lesson, Seen } from '../../state/learn/lessons/lesson';
import { useLab } from '../../state/page/lab';
import classes from './LessonPanel.module.css';

/** Until networks are open, or as long as they cannot be. */
export function Waiting() {
  const failed = useLab(({ status }) => status === 'failed');
  return (
    <p className={classes.text} role="status">
      {failed
        ? 'The lesson goes on when networks are open: what went wrong stands on the page.'
        : 'The networks are being opened …'}
    </p>
  );
}

/** Why there is nothing to see on these networks, and the way to those for which there is. */
export function Lack({ lesson, seen }: { lesson: Lesson; seen: Seen }) {
  const lack = lesson.lack?.(seen);
  if (!lack) return null;
  return (
    <div className={classes.lack}>
      <p className={classes.text}>{lack}</p>
      <Button size="xs" variant="default" onClick={() => openSubject(DEFAULT_SUBJECT)}>
        Open the networks of this page
      </Button>
    </div>
  );
}
