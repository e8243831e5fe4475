/** A lesson of 45 minutes for a class, as docs/in-class.md has it and the sheet follows it. */
import { LESSONS, lessonOf } from './lessons';
import type { Lesson, Seen, Step } from './lessons/lesson';

export interface Slot {
  readonly minutes: number;
  /** None at the opening and at the end. */
  readonly lesson?: string;
}

export const PLAN: readonly Slot[] = [
  { minutes: 4 },
  { minutes: 9, lesson: 'equivariance' },
  { minutes: 8, lesson: 'mind' },
  { minutes: 12, lesson: 'collapse' },
  { minutes: 7, lesson: 'broken' },
  { minutes: 5 },
];

/** The lessons of the plan, in its order. */
export const PLANNED: readonly Lesson[] = PLAN.flatMap(({ lesson }) => (lesson && lessonOf(lesson)) || []);

/** A question as the sheet asks it: with answers to tick, or axes to draw into. */
export interface SheetQuestion {
  readonly lesson: string;
  /** Of the lesson, from 1, as Learn counts them. */
  readonly number: number;
  readonly asks: string;
  /** None: a curve is drawn. */
  readonly answers: readonly string[] | null;
}

function asked(step: Step, seen: Seen): Pick<SheetQuestion, 'asks' | 'answers'> | null {
  if (step.kind === 'sketch') return { asks: step.question(seen).asks, answers: null };
  if (step.kind !== 'question') return null;
  const { asks, answers } = step.question(seen);
  return { asks, answers };
}

/** The questions of the planned lessons, of those that have something to show on these networks. */
export const sheetQuestions = (seen: Seen): SheetQuestion[] =>
  PLANNED.filter(({ lack }) => !lack?.(seen)).flatMap((lesson) =>
    lesson.steps.flatMap((step) => {
      const question = asked(step, seen);
      return question ? { lesson: lesson.title, number: LESSONS.indexOf(lesson) + 1, ...question } : [];
    }),
  );
