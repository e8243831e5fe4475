/** Settings of training and of adaptive fine-tuning, schema-checked; defaults from science §4 and §6. */
import { z } from 'zod';

export const trainSettingsSchema = z.strictObject({
  epochs: z.int().min(1).max(1000).default(30),
  batch: z.int().min(1).max(1024).default(128),
  learningRate: z.number().positive().max(1).default(0.01),
  /** `linear`: falls to zero over the run, step by step. */
  decay: z.enum(['none', 'linear']).default('none'),
  weightDecay: z.number().min(0).max(1).default(1e-4),
  /** Epochs without a better validation accuracy before training stops early. */
  patience: z.int().min(1).max(1000).default(15),
});

export type TrainSettings = z.infer<typeof trainSettingsSchema>;

/** Listening to a teacher: T = 4 and α = 0.5 as in the paper. */
const teachingSchema = z.strictObject({
  /** α: the share of the labels in the loss; the rest is the teacher's. */
  alpha: z.number().min(0).max(1).default(0.5),
  /** T: how much both distributions are softened. */
  temperature: z.number().positive().max(100).default(4),
});

export const distilSettingsSchema = trainSettingsSchema.extend(teachingSchema.shape);

export type DistilSettings = z.infer<typeof distilSettingsSchema>;

export const SCOPES = ['output', 'head', 'network'] as const;
/** What fine-tuning trains: the last layer, both dense layers (trunk frozen), or everything. */
export type Scope = (typeof SCOPES)[number];

export const finetuneSettingsSchema = z.strictObject({
  scope: z.enum(SCOPES).default('head'),
  epochs: z.int().min(1).max(1000).default(50),
  batch: z.int().min(1).max(1024).default(128),
  learningRate: z.number().positive().max(1).default(0.001),
  weightDecay: z.number().min(0).max(1).default(1e-4),
  /** τ: fine-tuning starts when accuracy fell by more than this (share, 0.02 = 2 points). */
  tolerance: z.number().min(0).max(1).default(0.02),
  /** Stops as "excellent" once the best drop is below this. */
  excellent: z.number().min(0).max(1).default(0.01),
  /** Epochs without gain before stopping once the best drop is below τ ("acceptable"). */
  acceptablePatience: z.int().min(1).default(5),
  /** Epochs without gain before stopping otherwise ("out of patience"). */
  patience: z.int().min(1).default(15),
  plateauPatience: z.int().min(0).default(10),
  plateauFactor: z.number().positive().max(1).default(0.5),
  /** The unpruned network teaches, besides the labels; absent: labels alone. */
  distil: teachingSchema.optional(),
});

export type FinetuneSettings = z.infer<typeof finetuneSettingsSchema>;
