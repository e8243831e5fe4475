/** What both ways to show a step are given: beside the view, and in front of a class. */
import type { RefObject } from 'react';
import type { Lesson, Seen, Step } from '../../state/learn/lessons/lesson';

export interface Shown {
  readonly lesson: Lesson;
  /** The step, from 1. */
  readonly at: number;
  /** None: behind the last one, at the score. */
  readonly step: Step | undefined;
  /** Null until networks are open. */
  readonly seen: Seen | null;
  /** Whether the view that the lesson drives is open. */
  readonly isThere: boolean;
  /** Gets the focus with every step. */
  readonly heading: RefObject<HTMLHeadingElement | null>;
  go(to: number): void;
}
