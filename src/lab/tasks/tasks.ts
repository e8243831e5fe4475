/** The tasks that the lab makes from data to report. */
import { detection } from './detection';
import { fluids } from './fluids';
import type { Task } from './task';

export const TASKS: readonly Task[] = [fluids, detection];
