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
  /** Of a curve that was drawn: its accuracies by share removed (`sketch.ts`), and the measured ones. */
  drawn: z.object({ by: z.array(z.number()), measured: z.array(z.number()) }).optional(),
});
export type Answered = z.infer<typeof answeredSchema>;

/** An answer that waits for what the page measures: it is kept as soon as it is given. `about`: on what it was asked. */
const givenSchema = z.object({ asks: z.string(), chosen: z.string(), about: z.string() });
export type Given = z.infer<typeof givenSchema>;

/** A show of hands: for each answer that was offered, how many were for it. */
const handsSchema = z.array(z.object({ answer: z.string(), count: z.int().min(0) }));
export type Hands = Readonly<z.infer<typeof handsSchema>>;

const progressSchema = z.object({
  /** Steps that were read, done or answered, from 1. */
  passed: z.array(z.int().min(1)),
  /** By step. */
  answers: z.record(z.string(), answeredSchema),
  /** By step: not judged yet. */
  given: z.record(z.string(), givenSchema).default({}),
  /** By step: what a task that was done gave. */
  said: z.record(z.string(), z.string()).default({}),
  /** By step: of a class. */
  hands: z.record(z.string(), handsSchema).default({}),
});
export type LessonProgress = z.infer<typeof progressSchema>;

const NOTHING: LessonProgress = { passed: [], answers: {}, given: {}, said: {}, hands: {} };
const KEY = 'orbit-lab lessons';
/** In front of a class: for as long as it lasts, a reload included. */
const CLASS_KEY = 'orbit-lab class';

const storeSchema = z.record(z.string(), progressSchema.catch(NOTHING)).catch({});

type Lessons = Readonly<Record<string, LessonProgress>>;

/** `lessons`: whose turn it is. `own`: in front of a class, what the teacher did alone, put aside; else null. */
export const useProgress = create<{ readonly lessons: Lessons; readonly own: Lessons | null }>()(() => ({
  lessons: storeSchema.parse(recall(KEY) ?? {}),
  own: null,
}));

/** The class begins with nothing done; after a reload (`goesOn`) with what it had done. */
export function beginClass(goesOn: boolean): void {
  const { lessons, own } = useProgress.getState();
  if (own) return;
  const kept = goesOn ? recall(CLASS_KEY, 'sessionStorage') : undefined;
  useProgress.setState({ own: lessons, lessons: storeSchema.parse(kept ?? {}) });
}

/** The teacher's own answers are there again; those of the class are gone. */
export function endClass(): void {
  const { own } = useProgress.getState();
  if (!own) return;
  useProgress.setState({ lessons: own, own: null });
  keep(CLASS_KEY, {}, 'sessionStorage');
}

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

/** Keeps how many were for each answer. */
export function putHands(id: string, step: number, hands: Hands): void {
  change(id, (progress) => ({ hands: { ...progress.hands, [step]: [...hands] } }));
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
  put({});
}

/** A lesson as if nothing had been done in it: for the next class. */
export function forgetLesson(id: string): void {
  const { [id]: _, ...others } = useProgress.getState().lessons;
  put(others);
}

function put(lessons: Lessons): void {
  useProgress.setState({ lessons });
  if (useProgress.getState().own) keep(CLASS_KEY, lessons, 'sessionStorage');
  else keep(KEY, lessons);
}

function change(id: string, changes: (progress: LessonProgress) => Partial<LessonProgress>): void {
  const progress = progressOf(useProgress.getState(), id);
  put({ ...useProgress.getState().lessons, [id]: { ...progress, ...changes(progress) } });
}

/** Goes to another step, behind the last of which stands the score; a reading step is behind one when one goes on. */
export function goTo(lesson: Lesson, from: number, to: number): void {
  if (to > from && lesson.steps[from - 1]?.kind === 'reading') pass(lesson.id, from);
  useLesson.setState(({ open }) => ({
    open: open && { ...open, step: Math.min(lesson.steps.length + 1, Math.max(1, to)) },
  }));
}
