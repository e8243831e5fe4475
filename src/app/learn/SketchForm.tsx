/** The question of a lesson that is answered by a curve, drawn on the board above the view. */
import { Button, Group } from '@mantine/core';
import { progressOf, useProgress } from '../../state/learn/lessonProgress';
import type { Seen, SketchStep } from '../../state/learn/lessons/lesson';
import { isDrawn } from '../../state/learn/sketch';
import { drawAgain, forgetSketch, judgeSketch, sketchIn, useSketch } from '../../state/learn/sketching';
import { useKeptFocus } from './keptFocus';
import classes from './LessonPanel.module.css';

interface Props {
  readonly id: string;
  readonly at: number;
  readonly step: SketchStep;
  readonly seen: Seen;
}

export function SketchForm({ id, at, step, seen }: Props) {
  const answered = useProgress((state) => progressOf(state, id).answers[at]);
  const question = step.question(seen);
  const state = useSketch();
  const kept = useKeptFocus();
  const sketch = sketchIn(state, `${id} ${at}`, question.measured[0]);
  if (answered) {
    const { asks, chosen, right, because } = answered;
    return (
      <div className={classes.task} data-done data-testid="lesson-answer" {...kept}>
        <p className={classes.asks}>{asks}</p>
        <p className={classes.said} role="status">
          <strong>{chosen === right ? 'Close' : 'Not so close'}:</strong> {chosen}. {because}
        </p>
        <Button size="compact-sm" variant="default" onClick={() => drawAgain(id, at)}>
          Draw again
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.task} {...kept}>
      <p className={classes.asks}>{question.asks}</p>
      <p className={classes.said}>
        Draw with the mouse or a finger; or press Tab to get to a handle, move it with the arrow keys up and
        down, and go on to the next with those to the right and left.
      </p>
      <Group gap={8}>
        <Button
          size="compact-sm"
          disabled={!isDrawn(sketch)}
          onClick={() => judgeSketch(id, at, question, sketch)}
        >
          That is my bet
        </Button>
        <Button size="compact-sm" variant="default" disabled={!isDrawn(sketch)} onClick={forgetSketch}>
          Wipe it off
        </Button>
      </Group>
    </div>
  );
}
