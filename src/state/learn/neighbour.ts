/**
 * A score in a link: for each question of a lesson how it went, and each curve as it was drawn. `rw.AbCd…`: a letter for
 * each question in order, then a dot and a curve for each that is asked for, two signs a value. It holds no name, and
 * nothing of what was answered.
 */
import { z } from 'zod';
import type { LessonProgress } from './lessonProgress';
import type { Lesson } from './lessons/lesson';
import { scoreOf, type Verdict } from './score';
import { STEPS } from './sketch';

export interface Neighbour {
  /** For each question and curve that is asked for, in order. */
  readonly verdicts: readonly Verdict[];
  /** Accuracies by step (`sketch.ts`) of each curve that is asked for; null where none was judged. */
  readonly curves: readonly (readonly number[] | null)[];
}

const LETTERS: Readonly<Record<Verdict, string>> = {
  right: 'r',
  within: 'i',
  wrong: 'w',
  waiting: 'g',
  shown: 's',
  open: 'o',
};
const VERDICTS = new Map(Object.entries(LETTERS).map(([verdict, letter]) => [letter, verdict as Verdict]));

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The largest value of two signs. */
const WHOLE = SIGNS.length ** 2 - 1;

const signsOf = (value: number): string => {
  const n = Math.round(WHOLE * Math.max(0, Math.min(1, value)));
  return SIGNS[Math.floor(n / SIGNS.length)] + SIGNS[n % SIGNS.length];
};

const curveFrom = (text: string): readonly number[] | null =>
  text === ''
    ? null
    : Array.from({ length: STEPS + 1 }, (_, step) => {
        const [high, low] = text.slice(2 * step);
        return (SIGNS.indexOf(high) * SIGNS.length + SIGNS.indexOf(low)) / WHOLE;
      });

type Steps = Pick<Lesson, 'steps'>;

const curvesIn = ({ steps }: Steps): number => steps.filter(({ kind }) => kind === 'sketch').length;

/** Where a curve stands among those of its lesson; at: its step, from 1. */
export const curveIndex = ({ steps }: Steps, at: number): number =>
  curvesIn({ steps: steps.slice(0, at - 1) });

export function neighbourText({ verdicts, curves }: Neighbour): string {
  const letters = verdicts.map((verdict) => LETTERS[verdict]).join('');
  return [letters, ...curves.map((curve) => curve?.map(signsOf).join('') ?? '')].join('.');
}

/** What a reader's link carries. */
export function neighbourFrom(lesson: Steps, progress: LessonProgress): Neighbour {
  const rows = scoreOf(lesson, progress);
  return {
    verdicts: rows.map(({ verdict }) => verdict),
    curves: rows
      .filter(({ at }) => lesson.steps[at - 1].kind === 'sketch')
      .map(({ answered }) => answered?.drawn?.by ?? null),
  };
}

/** A link's text for a lesson of so many questions and curves. */
const textSchema = (questions: number, curves: number) =>
  z
    .string()
    .regex(
      new RegExp(
        `^[${Object.values(LETTERS).join('')}]{${questions}}(\\.([A-Za-z0-9_-]{${2 * (STEPS + 1)}})?){${curves}}$`,
      ),
    )
    .transform((text): Neighbour => {
      const [letters, ...drawn] = text.split('.');
      return { verdicts: [...letters].map((letter) => VERDICTS.get(letter)!), curves: drawn.map(curveFrom) };
    });

/** What a link brought; null where it was made for another lesson, or is none. */
export function readNeighbour(lesson: Steps, text: string): Neighbour | null {
  const questions = lesson.steps.filter(({ kind }) => kind === 'question' || kind === 'sketch').length;
  return textSchema(questions, curvesIn(lesson)).safeParse(text).data ?? null;
}

/** The page's address as a link that opens the lesson at its beginning, with this reader's score in it. */
export function neighbourLink(address: string, lesson: Lesson, progress: LessonProgress): string {
  const [page, hash = ''] = address.split('#');
  const entries = new URLSearchParams(hash);
  entries.delete('present');
  entries.set('view', lesson.view);
  // A lesson begins with the whole network.
  entries.set('ratio', '0');
  entries.set('lesson', lesson.id);
  entries.set('step', '1');
  entries.set('neighbour', neighbourText(neighbourFrom(lesson, progress)));
  return `${page}#${entries.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
}
