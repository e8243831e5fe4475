/** A confusion as it can be shown: all of it, or the classes that are confused most, where it has hundreds. */
import { type Confusion, mistakesOf } from '../../lab/evaluate/report/confusion';
import type { Cell } from './wrong';

/** More classes than this are more cells than can be read, or drawn at once. */
export const MOST_CLASSES = 24;

/**
 * Indices of the classes that are shown, in their order: all, or those of the pairs that are confused most often, and, where
 * these are not enough, the first of the others.
 */
export function shownClasses(confusion: Confusion, most = MOST_CLASSES): number[] {
  const all = confusion.map((_, c) => c);
  if (all.length <= most) return all;
  const chosen = new Set<number>();
  for (const { truth, answer } of mistakesOf(confusion)) {
    const more = [truth, answer].filter((c) => !chosen.has(c));
    if (chosen.size + more.length > most) break;
    for (const c of more) chosen.add(c);
  }
  for (const c of all) if (chosen.size < most) chosen.add(c);
  return [...chosen].sort((a, b) => a - b);
}

/** The place that a key leads to in a square of so many cells a side; undefined for other keys. */
export function placeBeside(
  [row, column]: readonly [number, number],
  side: number,
  key: string,
  isAll: boolean,
): readonly [number, number] | undefined {
  const last = side - 1;
  const within = (place: number) => Math.min(last, Math.max(0, place));
  if (key === 'ArrowRight') return [row, within(column + 1)];
  if (key === 'ArrowLeft') return [row, within(column - 1)];
  if (key === 'ArrowDown') return [within(row + 1), column];
  if (key === 'ArrowUp') return [within(row - 1), column];
  if (key === 'Home') return [isAll ? 0 : row, 0];
  if (key === 'End') return [isAll ? last : row, last];
  return undefined;
}

export const isSameCell = (a: Cell | null, b: Cell): boolean =>
  a !== null && a.truth === b.truth && a.answer === b.answer;
