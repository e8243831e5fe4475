/** What is known of a sweep at a moment, as plain data: its jobs, its workers, and how fast it goes. */
import { z } from 'zod';

/** waiting: for other jobs; ready: for a worker. */
export const JOB_STATES = ['waiting', 'ready', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

const whole = z.int().min(0);

/** Each step of each run is a job. */
export const jobStatusSchema = z.object({
  /** The step's identity. */
  id: z.string(),
  label: z.string(),
  run: z.string(),
  step: z.string(),
  state: z.enum(JOB_STATES),
  /** That has it, or had it last. */
  worker: z.string().optional(),
  /** How often it was begun. */
  attempts: whole,
  /** Why it failed. */
  reason: z.string().optional(),
  /** Ids of the jobs it waits for. */
  needs: z.array(z.string()).optional(),
  epoch: whole.optional(),
  epochs: whole.optional(),
  /** Share of the validation tiles after that epoch, or of its record. */
  accuracy: z.number().optional(),
  seconds: z.number().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
});
export type JobStatus = z.infer<typeof jobStatusSchema>;

export const workerStatusSchema = z.object({
  name: z.string(),
  host: z.string(),
  slots: whole,
  busy: whole,
  /** When it was last heard of, ISO. */
  seen: z.string(),
  /** What it serves, in words. */
  serves: z.string(),
  /** Why it takes no jobs of this sweep. */
  refuses: z.string().optional(),
});
export type WorkerStatus = z.infer<typeof workerStatusSchema>;

export const sweepStatusSchema = z.object({
  id: z.string(),
  name: z.string(),
  command: z.string(),
  version: z.string(),
  /** When it was made, ISO. */
  made: z.string(),
  store: z.string(),
  counts: z.object({
    total: whole,
    ...{ done: whole, running: whole, ready: whole, waiting: whole, failed: whole, cancelled: whole },
  }),
  paused: z.boolean(),
  jobs: z.array(jobStatusSchema),
  workers: z.array(workerStatusSchema),
  /** Jobs an hour over the last hour; null where none was finished. */
  rate: z.number().nullable(),
  /** Seconds that what is left takes at that rate. */
  left: z.number().nullable(),
});
export type SweepStatus = z.infer<typeof sweepStatusSchema>;
