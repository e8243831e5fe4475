/** What a step in front of a class has beside its sentence: what is to be tried, counted or drawn, and what came of it. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { passTask, progressOf, useProgress } from '../../state/learn/lessonProgress';
import type { Lesson, Seen, SketchStep, Step, TaskStep } from '../../state/learn/lessons/lesson';
import { isDrawn } from '../../state/learn/sketch';
import { drawAgain, forgetSketch, judgeSketch, sketchIn, useSketch } from '../../state/learn/sketching';
import { HandsForm } from './HandsForm';
import { useKeptFocus } from './keptFocus';
import classes from './Presented.module.css';

interface Props<S extends Step> {
  readonly lesson: Lesson;
  /** The step, from 1. */
  readonly at: number;
  readonly step: S;
  readonly seen: Seen;
}

export function PresentedStep({ lesson, at, step, seen }: Props<Step>) {
  switch (step.kind) {
    case 'reading':
      return null;
    case 'task':
      return <Trying {...{ lesson, at, step, seen }} />;
    case 'sketch':
      return <Drawing {...{ lesson, at, step, seen }} />;
    case 'question':
      return <HandsForm id={lesson.id} at={at} step={step} seen={seen} />;
  }
}

/** What was found in rehearsal is on the page already: the class sees it when it was tried in front of them. */
function Trying({ lesson: { id }, at, step: { task }, seen }: Props<TaskStep>) {
  const isDone = task.isDone(seen);
  const kept = useProgress((state) => progressOf(state, id).said[at]);
  const [wasDone, setWasDone] = useState(isDone);
  if (wasDone && !isDone) setWasDone(false);
  const saidNow = isDone && (!wasDone || kept !== undefined) ? task.said(seen) : null;
  useEffect(() => {
    if (saidNow !== null) passTask(id, at, saidNow);
  }, [saidNow, id, at]);
  const said = saidNow ?? kept;
  const trouble = task.trouble?.(seen);
  return (
    <div className={classes.trying}>
      <Button
        size="sm"
        variant={said ? 'default' : 'filled'}
        loading={task.action.busy?.(seen) ?? false}
        onClick={() => {
          setWasDone(false);
          task.action.run(seen);
        }}
      >
        {task.action.label}
      </Button>
      <p className={classes.said} role="status" data-testid="lesson-said">
        {said}
        {trouble && ` ${trouble}`}
      </p>
    </div>
  );
}

/** The curve of the class, drawn for it on the board, and the measured one. */
function Drawing({ lesson: { id }, at, step, seen }: Props<SketchStep>) {
  const answered = useProgress((state) => progressOf(state, id).answers[at]);
  const question = step.question(seen);
  const sketch = sketchIn(useSketch(), `${id} ${at}`, question.measured[0]);
  const box = useKeptFocus();
  if (!answered)
    return (
      <div className={classes.trying} {...box}>
        <Button size="sm" disabled={!isDrawn(sketch)} onClick={() => judgeSketch(id, at, question, sketch)}>
          Show the measured one
        </Button>
        <Button size="sm" variant="default" disabled={!isDrawn(sketch)} onClick={forgetSketch}>
          Wipe it off
        </Button>
      </div>
    );
  const { chosen, right } = answered;
  return (
    <div className={classes.trying} {...box}>
      <Button size="sm" variant="default" onClick={() => drawAgain(id, at)}>
        Draw again
      </Button>
      <p className={classes.said} role="status" data-testid="lesson-answer">
        <strong>{chosen === right ? 'Close' : 'Not so close'}:</strong> the curve of the class is {chosen}.
      </p>
    </div>
  );
}
