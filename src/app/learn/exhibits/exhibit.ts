/** What every picture of a lesson is given. */
import type { Lesson, Seen } from '../../../state/learn/lessons/lesson';

export interface ExhibitProps {
  readonly lesson: Lesson;
  /** The step, from 1. */
  readonly at: number;
  readonly seen: Seen;
}
