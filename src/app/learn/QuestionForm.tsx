/** The question of a lesson: an answer is given before the page shows its own, which it computes. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { answerOrGive } from '../../state/learn/judging';
import {
  type Answered,
  forgetAnswer,
  type Given,
  progressOf,
  useProgress,
} from '../../state/learn/lessonProgress';
import type { QuestionStep, Seen } from '../../state/learn/lessons/lesson';
import { aboutOf } from '../../state/learn/seenHere';
import { ActionButton } from './ActionButton';
import { useKeptFocus } from './keptFocus';
import classes from './LessonPanel.module.css';

interface Props {
  readonly id: string;
  readonly at: number;
  readonly step: QuestionStep;
  readonly seen: Seen;
}

export function QuestionForm({ id, at, step, seen }: Props) {
  const answered = useProgress((state) => progressOf(state, id).answers[at]);
  const given = useProgress((state) => progressOf(state, id).given[at]);
  const kept = useKeptFocus();
  const shared = { id, at, step, seen };
  return (
    <div className={classes.kept} {...kept}>
      {answered ? (
        <Judged answered={answered} onAgain={() => forgetAnswer(id, at)} />
      ) : given ? (
        <Waiting given={given} {...shared} />
      ) : (
        <Form {...shared} />
      )}
    </div>
  );
}

function Form({ id, at, step, seen }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { asks, answers } = step.question(seen);
  // Of other numbers there may be other answers to choose from.
  const isThere = chosen !== null && answers.includes(chosen);
  return (
    <form
      className={classes.task}
      onSubmit={(event) => {
        event.preventDefault();
        if (isThere) answerOrGive(id, at, step, seen, chosen);
      }}
    >
      <fieldset className={classes.fieldset}>
        <legend className={classes.asks}>{asks}</legend>
        {answers.map((text) => (
          <label key={text} className={classes.answer}>
            <input type="radio" name="answer" checked={text === chosen} onChange={() => setChosen(text)} />
            {text}
          </label>
        ))}
      </fieldset>
      <div className={classes.submit}>
        <Button type="submit" size="compact-sm" disabled={!isThere}>
          Answer
        </Button>
      </div>
    </form>
  );
}

/** An answer that was given before the page knew. */
function Waiting({ given, id, at, step, seen }: Props & { readonly given: Given }) {
  const trouble = step.trouble?.(seen);
  const noted = given.about === aboutOf(seen) ? NOTED : ELSEWHERE;
  return (
    <div className={classes.task} data-testid="lesson-given">
      <p className={classes.asks}>{given.asks}</p>
      <p className={classes.said} role="status">
        You said “{given.chosen}”. {trouble ?? noted}
      </p>
      <Group gap={8}>
        {trouble && step.action && <ActionButton action={step.action} seen={seen} />}
        <Button size="compact-sm" variant="default" onClick={() => forgetAnswer(id, at)}>
          Answer again
        </Button>
      </Group>
    </div>
  );
}

const NOTED = 'Noted: it is judged as soon as the page has measured it.';
const ELSEWHERE =
  'Noted: it is about the network and the setting that were there then, and judged when they are there again.';

function Judged({ answered, onAgain }: { answered: Answered; onAgain: () => void }) {
  const { asks, chosen, right, because } = answered;
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
