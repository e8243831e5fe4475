/** Where a sweep on a queue stands, as plain JSON: what `lab sweep` prints and the page follows. */
import { z } from 'zod';

/** From `waiting` (for the networks that it needs) over `ready` and `running` to one of the others. */
export const JOB_STATES = ['waiting', 'ready', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

const count = z.int().min(0);
const share = z.number().min(0).max(1);
/** A time as ISO 8601 writes it. */
const moment = z.iso.datetime();

export const sweepJobSchema = z.object({
  /** The identity of its step (src/lab/recipe/identity.ts), or of its training (src/lab/tasks/task.ts). */
  id: z.string(),
  /** For people: run and step. */
  label: z.string(),
  /** The run as its recipe, or task, and seed are called; the step as it is called in there. */
  run: z.string(),
  step: z.string(),
  state: z.enum(JOB_STATES),
  /** The worker that does it, or did it last, by name. */
  worker: z.string().optional(),
  /** How often it was begun and not brought to an end by a fault. */
  attempts: count,
  /** Of a job that failed, or is tried again after a fault: a sentence. */
  reason: z.string().optional(),
  /** The jobs whose networks or figures it takes, by id. */
  needs: z.array(z.string()).optional(),
  /** Of a training: epochs done, of so many, with the validation accuracy after the last, 0 … 1; in a task, the loss. */
  epoch: count.optional(),
  epochs: count.optional(),
  accuracy: share.optional(),
  loss: z.number().optional(),
  /** From its start to its end, or until now. */
  seconds: z.number().min(0).optional(),
  startedAt: moment.optional(),
  finishedAt: moment.optional(),
});
export type SweepJob = z.infer<typeof sweepJobSchema>;

export const sweepWorkerSchema = z.object({
  name: z.string(),
  host: z.string(),
  /** How many jobs it does at once, and how many it is doing. */
  slots: count,
  busy: count,
  /** When it was last heard of. */
  seen: moment,
  /** The data sets of this sweep that it computes on, as people know them. */
  serves: z.array(z.string()),
  /** Why it does not take jobs of this sweep, or some of them: sentences. */
  refuses: z.array(z.string()).optional(),
});
export type SweepWorker = z.infer<typeof sweepWorkerSchema>;

export const sweepStatusSchema = z.object({
  id: z.string(),
  /** What is made, as people know it: a table with its scale, or a recipe. */
  name: z.string(),
  /** As a person would type it to follow it again, without secrets. */
  command: z.string(),
  /** What the report made of it calls its own command: by that it is found. */
  report: z.string().optional(),
  /** The lab's version, which its workers must have. */
  version: z.string(),
  made: moment,
  /** Where its networks and records are kept. */
  store: z.string(),
  counts: z.object({
    total: count,
    ...{ done: count, running: count, ready: count, waiting: count, failed: count, cancelled: count },
  }),
  paused: z.boolean(),
  /** In the order of their recipes. */
  jobs: z.array(sweepJobSchema),
  workers: z.array(sweepWorkerSchema),
  /** Jobs that ended well per hour, over the last hour (or since it was begun); null while there are none. */
  rate: z.number().min(0).nullable(),
  /** Seconds that are left at this rate; null where nobody can tell. */
  left: z.number().min(0).nullable(),
});
export type SweepStatus = z.infer<typeof sweepStatusSchema>;
