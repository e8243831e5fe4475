/**
 * Judges answers that were given before the page knew: whenever it has measured what one was about, whether its lesson
 * is still open or not.
 */
import { answer, type Given, give, useProgress } from './lessonProgress';
import { lessonOf } from './lessons';
import type { QuestionStep, Seen } from './lessons/lesson';
import { aboutOf, SEEN_STORES, seenHere } from './seenHere';

/** Judges an answer at once where the page knows; else it is noted, and the page set to find out. */
export function answerOrGive(id: string, at: number, step: QuestionStep, seen: Seen, chosen: string): void {
  const { asks, answers, found } = step.question(seen);
  if (found) {
    answer(id, at, { asks, chosen, right: answers[found.right], because: found.because });
    return;
  }
  // First, for it may set what the answer is about.
  step.action?.run(seen);
  give(id, at, { asks, chosen, about: aboutOf(seenHere() ?? seen) });
}

/** Judges those of which the page knows by now. */
export function judgeGiven(seen: Seen | null): void {
  if (!seen) return;
  for (const [id, { given }] of Object.entries(useProgress.getState().lessons))
    for (const [step, each] of Object.entries(given)) judge(seen, id, Number(step), each);
}

function judge(seen: Seen, id: string, at: number, { asks, chosen, about }: Given): void {
  const lesson = lessonOf(id);
  const step = lesson?.steps[at - 1];
  // Of another network or another setting there would be another answer.
  if (step?.kind !== 'question' || lesson?.lack?.(seen) || about !== aboutOf(seen)) return;
  const { answers, found } = step.question(seen);
  if (found) answer(id, at, { asks, chosen, right: answers[found.right], because: found.because });
}

let isJudging = false;

/** From now on, as long as the page is open. */
export function beginJudging(): void {
  if (isJudging) return;
  isJudging = true;
  const look = () => {
    const { lessons } = useProgress.getState();
    // With every tick of a slider: mostly there is nothing to judge.
    if (Object.values(lessons).some(({ given }) => Object.keys(given).length > 0)) judgeGiven(seenHere());
  };
  for (const store of [...SEEN_STORES, useProgress]) store.subscribe(look);
  look();
}
