/**
 * Work of this tab that a page cannot take up by itself after a reload, since the files it was on are the person's: it is
 * remembered while it goes on, so that the next page can say what became of it.
 */
import { z } from 'zod';
import { keep, recall } from './kept';

const WORKS = ['reading', 'downloading', 'mapping', 'showing'] as const;
export type Work = (typeof WORKS)[number];

const markSchema = z.object({ work: z.enum(WORKS), name: z.string(), began: z.number() });
export type CutOff = z.infer<typeof markSchema>;

const keyOf = (of: 'data' | 'scene'): string => `orbit-lab at work on ${of}`;

export function markWork(of: 'data' | 'scene', work: Work, name: string): void {
  keep(keyOf(of), { work, name, began: Date.now() } satisfies CutOff, 'sessionStorage');
}

/** It has ended, one way or another. */
export const unmarkWork = (of: 'data' | 'scene'): void => keep(keyOf(of), null, 'sessionStorage');

/** What a reload cut off, told once; null for nothing. */
export function recallWork(of: 'data' | 'scene'): CutOff | null {
  const { data } = markSchema.safeParse(recall(keyOf(of), 'sessionStorage'));
  unmarkWork(of);
  return data ?? null;
}
