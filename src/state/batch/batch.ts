/** Many pictures that are to be classified, are being classified, or were: what is chosen, and what is known. */
import { create } from 'zustand';
import { type BatchChoices, USUAL_BATCH } from '../../lab/batch/choices';
import { isHidden, isPicturePath } from '../../lab/data/readers/called';
import type { BatchRow } from '../../storage/rows';
import type { Given } from '../data/dropped';
import type { Pace } from '../page/jobPace';
import type { Progress } from '../page/lab';

export interface BatchState {
  /** What is to be classified; null where nothing was given, or a reload lost it. */
  readonly given: Given | null;
  /** The network by the name that links give it; null: the first that is offered. */
  readonly net: string | null;
  readonly choices: BatchChoices;
  /** How far the last one is, kept in this browser where it keeps anything. */
  readonly row: BatchRow | null;
  /** The file, where the browser keeps nothing. */
  readonly text: readonly string[] | null;
  /** null while nothing is classified. */
  readonly running: {
    readonly progress: Progress | null;
    readonly pace: Pace | null;
    readonly isEnding: boolean;
  } | null;
  /** Why the last thing asked for could not be done. */
  readonly trouble: string | null;
  /** Something worth knowing that is no trouble. */
  readonly notice: string | null;
}

export const useBatch = create<BatchState>()(() => ({
  given: null,
  net: null,
  choices: USUAL_BATCH,
  row: null,
  text: null,
  running: null,
  trouble: null,
  notice: null,
}));

export const chooseBatch = (change: Partial<BatchChoices>): void =>
  useBatch.setState(({ choices }) => ({ choices: { ...choices, ...change } }));

/** Gives pictures; what went wrong before is over. */
export const giveBatch = (given: Given): void => useBatch.setState({ given, trouble: null, notice: null });

/** How many pictures were given, by their names; null of a zip, which has not been looked into. */
export function givenCount({ content }: Given): number | null {
  if (content instanceof File) return isPicturePath(content.name) ? 1 : null;
  if (content.some(({ path }) => /^[^/]+\.zip$/i.test(path))) return null;
  return content.filter(({ path }) => !isHidden(path) && (isPicturePath(path) || !path.includes('/'))).length;
}
