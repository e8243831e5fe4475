/** The lessons, in the order in which they build on each other. Adding one is adding a file and a line. */
import { collapse } from './collapse';
import type { Lesson } from './lesson';

export const LESSONS: readonly Lesson[] = [collapse];

export const lessonOf = (id: string): Lesson | undefined => LESSONS.find((lesson) => lesson.id === id);
