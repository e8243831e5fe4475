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

/** An answer that waits for what the page measures: it is kept as soon as it is given. `about`: on what it was asked. */
const givenSchema = z.object({ asks: z.string(), chosen: z.string(), about: z.string() });
export type Given = z.infer<typeof givenSchema>;

const progressSchema = z.object({
  /** Steps that were read, done or answered, from 1. */
  passed: z.array(z.int().min(1)),
  /** By step. */
  answers: z.record(z.string(), answeredSchema),
  /** By step: not judged yet. */
  given: z.record(z.string(), givenSchema).default({}),
  /** By step: what a task that was done gave. */
  said: z.record(z.string(), z.string()).default({}),
});
export type LessonProgress = z.infer<typeof progressSchema>;

const NOTHING: LessonProgress = { passed: [], answers: {}, given: {}, said: {} };
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
  change(id, ({ passed }) =>
    passed.includes(step) ? {} : { passed: [...passed, step].sort((a, b) => a - b) },
  );
}

/** A task is done, with what came of it: it stays done, wherever the controls go. */
export function passTask(id: string, step: number, said: string): void {
  change(id, (progress) => ({ said: { ...progress.said, [step]: said } }));
  pass(id, step);
}

/** Keeps an answer at once; it is judged when the page knows (`judging.ts`). */
export function give(id: string, step: number, given: Given): void {
  change(id, (progress) => ({ given: { ...progress.given, [step]: given } }));
}

export function answer(id: string, step: number, answered: Answered): void {
  change(id, ({ answers, given }) => ({
    answers: { ...answers, [step]: answered },
    given: without(given, step),
  }));
  pass(id, step);
}

/** To answer again. */
export function forgetAnswer(id: string, step: number): void {
  change(id, ({ passed, answers, given }) => ({
    passed: passed.filter((each) => each !== step),
    answers: without(answers, step),
    given: without(given, step),
  }));
}

function without<T>(kept: Readonly<Record<string, T>>, step: number): Record<string, T> {
  const { [step]: _, ...others } = kept;
  return others;
}

/** From its beginning a lesson's tasks are to be done anew; what is behind one stays so. */
export const beginAgain = (id: string): void => change(id, () => ({ said: {} }));

/** All lessons as if nothing had been done. */
export function forgetProgress(): void {
  useProgress.setState({ lessons: {} });
  keep(KEY, {});
}

function change(id: string, changes: (progress: LessonProgress) => Partial<LessonProgress>): void {
  const progress = progressOf(useProgress.getState(), id);
  const lessons = { ...useProgress.getState().lessons, [id]: { ...progress, ...changes(progress) } };
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
