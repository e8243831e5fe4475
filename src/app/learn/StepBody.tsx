/** What one step of a lesson says, asks for and found. */
import { useEffect } from 'react';
import { passTask, progressOf, useProgress } from '../../state/learn/lessonProgress';
import type { Lesson, Place, Seen, Task } from '../../state/learn/lessons/lesson';
import { ActionButton } from './ActionButton';
import { useKeptFocus } from './keptFocus';
import classes from './LessonPanel.module.css';
import { showResult } from './places';
import { QuestionForm } from './QuestionForm';
import { SketchForm } from './SketchForm';

interface Props {
  readonly lesson: Lesson;
  /** The step, from 1. */
  readonly at: number;
  readonly seen: Seen;
}

export function StepBody({ lesson, at, seen }: Props) {
  const step = lesson.steps[at - 1];
  if (lesson.lack?.(seen)) return null;
  return (
    <>
      {step.text(seen).map((sentence) => (
        <p key={sentence} className={classes.text}>
          {sentence}
        </p>
      ))}
      {step.kind === 'task' && (
        <TaskBox id={lesson.id} at={at} place={step.at} task={step.task} seen={seen} />
      )}
      {step.kind === 'sketch' && <SketchForm id={lesson.id} at={at} step={step} seen={seen} />}
      {step.kind === 'question' && <QuestionForm id={lesson.id} at={at} step={step} seen={seen} />}
    </>
  );
}

interface TaskProps {
  readonly id: string;
  readonly at: number;
  readonly place: Place;
  readonly task: Task;
  readonly seen: Seen;
}

function TaskBox({ id, at, place, task, seen }: TaskProps) {
  const isDone = task.isDone(seen);
  const saidNow = isDone ? task.said(seen) : null;
  // What was done stays done: the pointer may cross another neuron, and the slider go back.
  const said = useProgress((state) => progressOf(state, id).said[at]) ?? saidNow;
  const done = said !== null;
  const kept = useKeptFocus();
  useEffect(() => {
    if (saidNow !== null) passTask(id, at, saidNow);
  }, [saidNow, id, at]);
  useEffect(() => {
    if (done) showResult(place);
  }, [done, place]);
  return (
    <div className={classes.task} data-done={done || undefined} {...kept}>
      <p className={classes.asks}>{task.asks(seen)}</p>
      <ActionButton action={task.action} seen={seen} />
      <p className={classes.said} role="status" data-testid="lesson-said">
        {done && (
          <>
            <strong>Done.</strong> {saidNow ?? said}
          </>
        )}
        {task.trouble?.(seen)}
      </p>
    </div>
  );
}
