/** What the tasks beside classification, their scales and the ways to a network are called; known without their data or networks. */

export const TASK_NAMES = ['fluids', 'detection'] as const;
export type TaskName = (typeof TASK_NAMES)[number];

/** `tiny` proves that all of it works, and ranks nothing; `page` is what the page trains in a minute or so. */
export const TASK_SCALES = ['tiny', 'page', 'small', 'full'] as const;
export type TaskScale = (typeof TASK_SCALES)[number];
