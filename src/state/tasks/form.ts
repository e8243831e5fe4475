/** What the view of the other tasks is set to: what of it a link can say. What is known of it lies in `known.ts`. */
import { z } from 'zod';
import { create } from 'zustand';
import { TASK_LAMBDAS, trainingOf, WAYS, type Way } from '../../lab/tasks/adapting';
import type { TaskName } from '../../lab/tasks/names';

export const TABS = ['flows', 'detection'] as const;
export type Tab = (typeof TABS)[number];
export const TASK_OF: Readonly<Record<Tab, TaskName>> = { flows: 'fluids', detection: 'detection' };

/** Steps of a roll-out. */
export const STEPS = 20;
/** Flows, scenes and seeds have whole numbers up to this. */
export const MOST = 9999;
/** How they are typed. */
export const NUMBERS = { least: 0, most: MOST, width: 84 } as const;

const number = z.coerce.number().int().min(0).max(MOST);

export const tasksSchema = z.object({
  tab: z.enum(TABS),
  way: z.enum(WAYS),
  /** One of the task's; any other is its middle one. */
  lambda: z.coerce.number().positive(),
  /** Of first weights and the order of examples. */
  seed: number,
  flow: number,
  step: z.coerce.number().int().min(0).max(STEPS),
  show: z.enum(['vorticity', 'speed']),
  /** Quarters, counterclockwise; a mirror before them. */
  turns: z.coerce.number().int().min(0).max(3),
  mirror: z.enum(['no', 'yes']),
  /** By half the square, to the right and down. */
  move: z.enum(['no', 'yes']),
  scene: number,
  /** Boxes below this confidence are not shown. */
  confidence: z.coerce.number().min(0.05).max(0.95),
});
export type TasksForm = z.infer<typeof tasksSchema>;

export const DEFAULT_TASKS: TasksForm = {
  ...{ tab: 'flows', way: 'equivariant', lambda: 1, seed: 1, flow: 1, step: 0, show: 'vorticity' },
  ...{ turns: 0, mirror: 'no', move: 'no', scene: 1, confidence: 0.5 },
};

export const useTasks = create<TasksForm>()(() => DEFAULT_TASKS);

/** λ of a task, as it can be chosen there. */
export function lambdaOf({ tab, lambda }: Pick<TasksForm, 'tab' | 'lambda'>): number {
  const offered = TASK_LAMBDAS[TASK_OF[tab]];
  return offered.includes(lambda) ? lambda : offered[Math.floor(offered.length / 2)];
}

/** A network of the task that is open. */
export interface Wanted {
  readonly task: TaskName;
  readonly way: Way;
  readonly training: string;
  readonly seed: number;
  /** Tells it from all others. */
  readonly key: string;
}

export function wantedOf(form: Pick<TasksForm, 'tab' | 'lambda' | 'seed'>, way: Way): Wanted {
  const [task, { seed }] = [TASK_OF[form.tab], form];
  const training = trainingOf(way, lambdaOf(form));
  return { task, way, training, seed, key: `${task}: ${training}, seed ${seed}` };
}

/** What a flow or scene is asked for by: itself, and the network that looks at it; null for nobody. */
export const shownKey = (form: TasksForm, wanted: Wanted | null): string =>
  form.tab === 'flows'
    ? `flow ${form.flow} ${form.turns} ${form.mirror} ${form.move} ${wanted?.key}`
    : `scene ${form.scene} ${wanted?.key}`;
