/** What a step of a lesson keeps from sight: what it asks about is shown when the reader has answered, not before. */
import type { Covers } from '../page/flags';
import type { LessonProgress } from './lessonProgress';
import type { Step } from './lessons/lesson';

const NOTHING: Covers = [];

/** In front of a class: a question has the screen for itself, until what it is about is to be seen in a picture. */
export const isAskedAlone = (step: Step, at: number, { answers }: Pick<LessonProgress, 'answers'>): boolean =>
  step.kind === 'question' && !(step.exhibit && answers[at]);

/**
 * at: the step, from 1. In front of a class there is one picture a step: where it is the lesson's own, or the show of
 * hands, the view is covered.
 */
export function coversOf(
  step: Step,
  at: number,
  { answers, given }: LessonProgress,
  presenting = false,
): Covers {
  if (presenting && (step.exhibit || step.kind === 'question')) return 'view';
  const isQuestion = step.kind === 'question' || step.kind === 'sketch';
  if (isQuestion && (answers[at] || given[at])) return NOTHING;
  return step.covers ?? NOTHING;
}
