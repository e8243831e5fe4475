/** How far a reader is in each lesson, and what was answered: kept in this browser, and no part of the link. */
import { z } from 'zod';
import { create } from 'zustand';
import { keep, recall } from '../page/kept';
import { useLesson } from '../page/lesson';
import type { Lesson } from './lessons/lesson';

/** A question as it was asked and judged: another network would have another answer. */
const answeredSchema = z.object({
  asks: z.string(),
  chosen: z.string(),
  right: z.string(),
  because: z.string(),
});
export type Answered = z.infer<typeof answeredSchema>;

const progressSchema = z.object({
  /** Steps that were read, done or answered, from 1. */
  passed: z.array(z.int().min(1)),
  /** By step. */
  answers: z.record(z.string(), answeredSchema),
});
export type LessonProgress = z.infer<typeof progressSchema>;

const NOTHING: LessonProgress = { passed: [], answers: {} };
const KEY = 'orbit-lab lessons';

const storeSchema = z.record(z.string(), progressSchema.catch(NOTHING)).catch({});

export const useProgress = create<{ readonly lessons: Readonly<Record<string, LessonProgress>> }>()(() => ({
  lessons: storeSchema.parse(recall(KEY) ?? {}),
}));

export const progressOf = (
  { lessons }: Pick<ReturnType<typeof useProgress.getState>, 'lessons'>,
  id: string,
): LessonProgress => lessons[id] ?? NOTHING;

/** Steps of a lesson that are behind the reader. */
export const passedOf = ({ steps }: Pick<Lesson, 'steps'>, { passed }: LessonProgress): number =>
  steps.filter((_, i) => passed.includes(i + 1)).length;

/** Where to go on: the first step that is not behind the reader; the first of all where every one is. */
export const nextStepOf = ({ steps }: Pick<Lesson, 'steps'>, { passed }: LessonProgress): number =>
  1 +
  Math.max(
    0,
    steps.findIndex((_, i) => !passed.includes(i + 1)),
  );

export function pass(id: string, step: number): void {
  const { passed, answers } = progressOf(useProgress.getState(), id);
  if (!passed.includes(step)) put(id, { passed: [...passed, step].sort((a, b) => a - b), answers });
}

export function answer(id: string, step: number, answered: Answered): void {
  const { passed, answers } = progressOf(useProgress.getState(), id);
  put(id, { passed, answers: { ...answers, [step]: answered } });
  pass(id, step);
}

/** To answer again. */
export function forgetAnswer(id: string, step: number): void {
  const { passed, answers } = progressOf(useProgress.getState(), id);
  const { [step]: _, ...others } = answers;
  put(id, { passed: passed.filter((each) => each !== step), answers: others });
}

/** All lessons as if nothing had been done. */
export function forgetProgress(): void {
  useProgress.setState({ lessons: {} });
  keep(KEY, {});
}

function put(id: string, progress: LessonProgress): void {
  const lessons = { ...useProgress.getState().lessons, [id]: progress };
  useProgress.setState({ lessons });
  keep(KEY, lessons);
}

/** Goes to another step; a reading step is behind one when one goes on. */
export function goTo(lesson: Lesson, from: number, to: number): void {
  if (to > from && lesson.steps[from - 1]?.kind === 'reading') pass(lesson.id, from);
  useLesson.setState(({ open }) => ({
    open: open && { ...open, step: Math.min(lesson.steps.length, Math.max(1, to)) },
  }));
}
