/** Which lesson is open and at which step: part of the address. What lessons hold is loaded when one is opened. */
import { create } from 'zustand';

export interface OpenLesson {
  readonly id: string;
  /** From 1. */
  readonly step: number;
  /** In front of a class: large type, and only what the step is about. */
  readonly presenting: boolean;
  /** The score of another reader, as the link brought it (`learn/neighbour.ts`). */
  readonly neighbour?: string;
}

/** The element above the view in which a lesson shows what it speaks of. */
export const LESSON_BOARD = 'lesson-board';

/** In the address, where a lesson is presented. */
export const PRESENTING = '1';

export const useLesson = create<{ readonly open: OpenLesson | null }>()(() => ({ open: null }));

export const closeLesson = (): void => useLesson.setState({ open: null });

export function changeLesson(changes: Partial<OpenLesson>): void {
  useLesson.setState(({ open }) => ({ open: open && { ...open, ...changes } }));
}
