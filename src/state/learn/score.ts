/** The score of a lesson: each question with what was answered, and how far the reader is. Wrong is not finished. */
import { type Answered, type Hands, type LessonProgress, passedOf } from './lessonProgress';
import type { Lesson } from './lessons/lesson';

/** `within`: a curve that is near enough. `waiting`: given, and not measured yet. `shown`: seen without an answer. */
export type Verdict = 'right' | 'within' | 'wrong' | 'waiting' | 'shown' | 'open';

export interface ScoreRow {
  /** The step, from 1. */
  readonly at: number;
  readonly title: string;
  readonly verdict: Verdict;
  /** Null until it is judged. */
  readonly answered: Answered | null;
  /** What was said: null where nothing was. */
  readonly chosen: string | null;
  /** Of a class. */
  readonly hands: Hands | null;
}

type Steps = Pick<Lesson, 'steps'>;

/** A row for every question and every curve that is asked for, in their order. */
export const scoreOf = ({ steps }: Steps, { answers, given, hands }: LessonProgress): ScoreRow[] =>
  steps.flatMap(({ kind, title }, i) => {
    if (kind !== 'question' && kind !== 'sketch') return [];
    const at = i + 1;
    const answered = answers[at] ?? null;
    const chosen = answered?.chosen ?? given[at]?.chosen ?? null;
    return {
      at,
      title,
      verdict: verdictOf(answered, chosen, kind),
      answered,
      chosen: chosen || null,
      hands: hands[at] ?? null,
    };
  });

function verdictOf(answered: Answered | null, chosen: string | null, kind: 'question' | 'sketch'): Verdict {
  if (!answered) return chosen === null ? 'open' : 'waiting';
  if (answered.chosen === '') return 'shown';
  if (answered.chosen !== answered.right) return 'wrong';
  return kind === 'sketch' ? 'within' : 'right';
}

export const isHit = ({ verdict }: Pick<ScoreRow, 'verdict'>): boolean =>
  verdict === 'right' || verdict === 'within';

/** How far: `missed` was walked through to its end, with wrong answers. */
export type Standing = 'new' | 'begun' | 'missed' | 'finished';

export function standingOf(lesson: Steps, progress: LessonProgress): Standing {
  const passed = passedOf(lesson, progress);
  if (passed < lesson.steps.length) return passed === 0 ? 'new' : 'begun';
  return scoreOf(lesson, progress).every(isHit) ? 'finished' : 'missed';
}
