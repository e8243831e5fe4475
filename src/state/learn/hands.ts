/** A show of hands: what a class says, counted by who stands in front of it. */
import type { Hands } from './lessonProgress';

/** No class is larger, and a bar for more would tell nothing. */
export const MOST_HANDS = 999;

/** A count as it was typed: whole, not below nothing; nothing where it is no number. */
export function countFrom(text: string): number {
  const value = Math.trunc(Number(text));
  return Number.isFinite(value) ? Math.max(0, Math.min(MOST_HANDS, value)) : 0;
}

/** The counts of the answers that are offered now: by what they say, for of other figures there are other answers. */
export const handsFor = (answers: readonly string[], hands: Hands | undefined): Hands =>
  answers.map((answer) => ({ answer, count: hands?.find((each) => each.answer === answer)?.count ?? 0 }));

export const withCount = (hands: Hands, answer: string, count: number): Hands =>
  hands.map((each) => (each.answer === answer ? { answer, count } : each));

export const totalOf = (hands: Hands): number => hands.reduce((sum, { count }) => sum + count, 0);

/** What most are for, the first of those that are level; nothing where no hand was counted. */
export const choiceOf = (hands: Hands): string =>
  hands.reduce((most, each) => (each.count > most.count ? each : most), { answer: '', count: 0 }).answer;

/** How many were for what was measured. */
export const hitsOf = (hands: Hands, right: string): number =>
  hands.find(({ answer }) => answer === right)?.count ?? 0;
