/**
 * A show of hands: every answer with how many are for it, as typed or counted by pressing, and as a bar; then what was
 * measured. Enter goes from one count to the next, and from the last to the button that shows the answer.
 */
import { Button } from '@mantine/core';
import type { FormEvent, KeyboardEvent } from 'react';
import { isAskedAlone } from '../../state/learn/covers';
import {
  choiceOf,
  countFrom,
  handsFor,
  hitsOf,
  MOST_HANDS,
  totalOf,
  withCount,
} from '../../state/learn/hands';
import { answerOrGive } from '../../state/learn/judging';
import {
  forgetAnswer,
  type Hands,
  progressOf,
  putHands,
  useProgress,
} from '../../state/learn/lessonProgress';
import type { QuestionStep, Seen } from '../../state/learn/lessons/lesson';
import { ActionButton } from './ActionButton';
import classes from './HandsForm.module.css';

interface Props {
  readonly id: string;
  /** The step, from 1. */
  readonly at: number;
  readonly step: QuestionStep;
  readonly seen: Seen;
}

export function HandsForm({ id, at, step, seen }: Props) {
  const { answers: judged, given, hands: counted } = useProgress((state) => progressOf(state, id));
  const { asks, answers } = step.question(seen);
  const answered = judged[at];
  const isOver = answered !== undefined || given[at] !== undefined;
  // What was offered when hands were raised stays, whatever the page measures next.
  const hands = isOver ? (counted[at] ?? handsFor(answers, undefined)) : handsFor(answers, counted[at]);
  const show = (event: FormEvent) => {
    event.preventDefault();
    if (isOver) return;
    putHands(id, at, hands);
    answerOrGive(id, at, step, seen, choiceOf(hands));
  };
  const trouble = isOver && !answered ? step.trouble?.(seen) : null;
  return (
    <form
      className={classes.form}
      data-beside={!isAskedAlone(step, at, { answers: judged }) || undefined}
      onSubmit={show}
    >
      <ol className={classes.rows} aria-label={asks}>
        {hands.map((each) => (
          <Row
            key={each.answer}
            {...each}
            most={Math.max(1, ...hands.map(({ count }) => count))}
            isRight={answered ? each.answer === answered.right : null}
            onCount={isOver ? null : (count) => putHands(id, at, withCount(hands, each.answer, count))}
          />
        ))}
      </ol>
      <div className={classes.below}>
        {isOver ? (
          <Button size="sm" variant="default" onClick={() => forgetAnswer(id, at)}>
            Ask again
          </Button>
        ) : (
          <Button size="sm" type="submit">
            Show the answer
          </Button>
        )}
        {trouble && step.action && <ActionButton action={step.action} seen={seen} />}
        <p className={classes.because} role="status" data-testid={answered ? 'lesson-answer' : undefined}>
          {answered && `${told(hands, answered.right)} ${answered.because}`}
          {isOver && !answered && (trouble ?? 'It is shown as soon as the page has measured it.')}
        </p>
      </div>
    </form>
  );
}

const told = (hands: Hands, right: string): string => {
  const total = totalOf(hands);
  return total === 0 ? `It is: ${right}.` : `${hitsOf(hands, right)} of ${total} were right: ${right}.`;
};

interface RowProps {
  readonly answer: string;
  readonly count: number;
  /** The largest count. */
  readonly most: number;
  /** Null until the answer is shown. */
  readonly isRight: boolean | null;
  /** Null when counting is over. */
  readonly onCount: ((count: number) => void) | null;
}

function Row({ answer, count, most, isRight, onCount }: RowProps) {
  return (
    <li className={classes.row} data-right={isRight || undefined}>
      <span className={classes.answer}>
        {isRight && <span aria-hidden="true">✓ </span>}
        {answer}
        {isRight && <span className="spoken">, as measured</span>}
      </span>
      <span className={classes.slot} aria-hidden="true">
        <span className={classes.bar} style={{ width: `${(100 * count) / most}%` }} />
      </span>
      {onCount ? (
        <span className={classes.count}>
          <button
            type="button"
            aria-label={`One hand fewer: ${answer}`}
            disabled={count === 0}
            onClick={() => onCount(count - 1)}
          >
            −
          </button>
          <input
            type="number"
            inputMode="numeric"
            min={0}
            max={MOST_HANDS}
            step={1}
            aria-label={`Hands for: ${answer}`}
            // Nothing counted is an empty field, so that a figure can be typed at once.
            value={count === 0 ? '' : count}
            placeholder="0"
            onChange={(event) => onCount(countFrom(event.currentTarget.value))}
            onFocus={(event) => event.currentTarget.select()}
            onKeyDown={toNext}
          />
          <button
            type="button"
            aria-label={`One hand more: ${answer}`}
            disabled={count === MOST_HANDS}
            onClick={() => onCount(count + 1)}
          >
            +
          </button>
        </span>
      ) : (
        <span className={classes.total}>{count}</span>
      )}
    </li>
  );
}

/** Enter leads to the next count, as in a table. */
function toNext(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  const { form } = event.currentTarget;
  const stops = [...(form?.querySelectorAll<HTMLElement>('input, [type=submit]') ?? [])];
  stops[stops.indexOf(event.currentTarget) + 1]?.focus();
}
