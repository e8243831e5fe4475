/** The lessons, in the order in which they build on each other. Adding one is adding a file and a line. */
import { broken } from './broken';
import { collapse } from './collapse';
import { dead } from './dead';
import { equivariance } from './equivariance';
import { fast } from './fast';
import type { Lesson } from './lesson';
import { mind } from './mind';

export const LESSONS: readonly Lesson[] = [equivariance, mind, collapse, dead, broken, fast];

export const lessonOf = (id: string): Lesson | undefined => LESSONS.find((lesson) => lesson.id === id);
