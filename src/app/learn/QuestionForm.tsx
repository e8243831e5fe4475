/** The question of a lesson: an answer is given before the page shows its own, which it computes. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import {
  type Answered,
  answer,
  forgetAnswer,
  progressOf,
  useProgress,
} from '../../state/learn/lessonProgress';
import type { QuestionStep, Seen } from '../../state/learn/lessons/lesson';
import { ActionButton } from './ActionButton';
import classes from './LessonPanel.module.css';

interface Props {
  readonly id: string;
  readonly at: number;
  readonly step: QuestionStep;
  readonly seen: Seen;
}

export function QuestionForm({ id, at, step, seen }: Props) {
  const given = useProgress((state) => progressOf(state, id).answers[at]);
  if (given) return <Given given={given} onAgain={() => forgetAnswer(id, at)} />;
  return <Form id={id} at={at} step={step} seen={seen} />;
}

function Form({ id, at, step, seen }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [waits, setWaits] = useState(false);
  const { asks, answers, found } = step.question(seen);
  // Of other numbers there may be other answers to choose from.
  const index = chosen === null ? -1 : answers.indexOf(chosen);
  const judge = () => {
    if (index < 0) return;
    if (found)
      answer(id, at, { asks, chosen: answers[index], right: answers[found.right], because: found.because });
    else {
      setWaits(true);
      step.action?.run(seen);
    }
  };
  useEffect(() => {
    if (waits && found) judge();
  }, [waits, found !== null]);
  return (
    <form
      className={classes.task}
      onSubmit={(event) => {
        event.preventDefault();
        judge();
      }}
    >
      <fieldset className={classes.fieldset} disabled={waits}>
        <legend className={classes.asks}>{asks}</legend>
        {answers.map((text) => (
          <label key={text} className={classes.answer}>
            <input type="radio" name="answer" checked={text === chosen} onChange={() => setChosen(text)} />
            {text}
          </label>
        ))}
      </fieldset>
      <Button type="submit" size="compact-sm" disabled={index < 0 || waits}>
        Answer
      </Button>
      <p className={classes.said} role="status">
        {waits &&
          !found &&
          (step.trouble?.(seen) ?? 'Noted. It is judged as soon as the page has measured it.')}
      </p>
      {waits && step.action && step.trouble?.(seen) && <ActionButton action={step.action} seen={seen} />}
    </form>
  );
}

function Given({ given, onAgain }: { given: Answered; onAgain: () => void }) {
  const { asks, chosen, right, because } = given;
  return (
    <div className={classes.task} data-done data-testid="lesson-answer">
      <p className={classes.asks}>{asks}</p>
      <p className={classes.said} role="status">
        <strong>{chosen === right ? 'Right' : 'Not quite'}:</strong>{' '}
        {chosen === right ? right : `you said “${chosen}”, it is “${right}”`}. {because}
      </p>
      <Button size="compact-sm" variant="default" onClick={onAgain}>
        Answer again
      </Button>
    </div>
  );
}
