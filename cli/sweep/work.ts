/** What a job is: as much of it as whoever does it must be told. How a queue treats it is the same whatever it is. */
import { z } from 'zod';
import { TASK_NAMES, TASK_SCALES } from '../../src/lab/tasks/names';
import type { TaskTraining } from '../../src/lab/tasks/task';

/** A step of a recipe. */
const stepSchema = z.object({
  kind: z.literal('step'),
  /** Under which the recipe is kept. */
  recipe: z.string(),
  /** As it is called in there. */
  step: z.string(),
});

/** A training of a task, which makes its own data. */
export const trainingSchema = z.object({
  kind: z.literal('training'),
  task: z.enum(TASK_NAMES),
  scale: z.enum(TASK_SCALES),
  seed: z.int().min(0),
  /** Those that it goes on from, the first one with fresh weights; it is the last. */
  chain: z
    .array(
      z.object({
        ...{ id: z.string(), network: z.string(), from: z.string().nullable(), set: z.string() },
        ...{ lambda: z.number(), augment: z.boolean(), learningRate: z.number() },
        ...{ epochs: z.int().min(1), batch: z.int().min(1) },
      }) satisfies z.ZodType<TaskTraining>,
    )
    .min(1),
});

export const workSchema = z.discriminatedUnion('kind', [stepSchema, trainingSchema]);
export type Work = z.infer<typeof workSchema>;
export type WorkOf<Kind extends Work['kind']> = Extract<Work, { kind: Kind }>;

/** The keys of the recipes that jobs are steps of. */
export const recipesOf = (jobs: readonly { readonly work: Work }[]): Set<string> =>
  new Set(jobs.flatMap(({ work }) => (work.kind === 'step' ? [work.recipe] : [])));
