/** The score that the link brought along; null where it brought none, or none of this lesson. */
import { useMemo } from 'react';
import type { Lesson } from '../../state/learn/lessons/lesson';
import { type Neighbour, readNeighbour } from '../../state/learn/neighbour';
import { useLesson } from '../../state/page/lesson';

export function useNeighbour(lesson: Lesson): Neighbour | null {
  const text = useLesson(({ open }) => open?.neighbour);
  return useMemo(() => (text === undefined ? null : readNeighbour(lesson, text)), [lesson, text]);
}
