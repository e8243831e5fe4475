/** Settings of training and of adaptive fine-tuning, schema-checked; defaults from science §4 and §6. */
import { z } from 'zod';
import { augmentSchema } from './augment';
import { BALANCES } from './balance';

export const trainSettingsSchema = z.strictObject({
  epochs: z.int().min(1).max(1000).default(30).describe('At most.'),
  batch: z.int().min(1).max(1024).default(128).describe('Tiles per step.'),
  learningRate: z.number().positive().max(1).default(0.01).describe('Adam’s.'),
  decay: z
    .enum(['none', 'linear', 'cosine'])
    .default('none')
    .describe('Of the learning rate; `linear`, `cosine`: it falls to zero over the run, step by step.'),
  warmup: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'Epochs in which the learning rate rises to its height, step by step; the decay is over the rest.',
    ),
  weightDecay: z.number().min(0).max(1).default(1e-4).describe('L2, added to the gradients.'),
  decoupled: z
    .literal(true)
    .optional()
    .describe(
      'AdamW: the weight decay shrinks filters and matrices directly, and nothing else; it is not added to the gradients.',
    ),
  smoothing: z
    .number()
    .positive()
    .max(0.9)
    .optional()
    .describe('Of the labels: this share of a tile’s certainty is spread over all classes.'),
  augment: augmentSchema.optional().describe('How training tiles are changed, each time anew.'),
  balance: z
    .enum(BALANCES)
    .optional()
    .describe(
      'For classes of unequal size. `weights`: a tile counts in the loss inversely as its class has tiles; `batches`: in the batches classes take turns. The best epoch is then that of the best balanced accuracy.',
    ),
  patience: z
    .int()
    .min(1)
    .max(1000)
    .default(15)
    .describe('Epochs without a better validation accuracy before training stops early.'),
});

export type TrainSettings = z.infer<typeof trainSettingsSchema>;

/** Of a network that has learnt already: a smaller rate, and at first maybe nothing but its last layer. */
export const continueSettingsSchema = trainSettingsSchema.extend({
  learningRate: trainSettingsSchema.shape.learningRate.unwrap().default(0.001).describe('Adam’s.'),
  frozen: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('In so many first epochs the last layer alone learns. Adam begins anew after them.'),
});

export type ContinueSettings = z.infer<typeof continueSettingsSchema>;

/** Listening to a teacher: T = 4 and α = 0.5 as in the paper. */
const teachingSchema = z.strictObject({
  alpha: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('α: the share of the labels in the loss; the rest is the teacher’s.'),
  temperature: z
    .number()
    .positive()
    .max(100)
    .default(4)
    .describe('T: how much both distributions are softened.'),
});

export const distilSettingsSchema = trainSettingsSchema.omit({ balance: true }).extend(teachingSchema.shape);

export type DistilSettings = z.infer<typeof distilSettingsSchema>;

export const SCOPES = ['output', 'head', 'network'] as const;
/** What fine-tuning trains: the last layer, both dense layers (trunk frozen), or everything. */
export type Scope = (typeof SCOPES)[number];

export const finetuneSettingsSchema = z.strictObject({
  scope: z
    .enum(SCOPES)
    .default('head')
    .describe('What is trained: the last layer, both dense layers, or everything.'),
  epochs: z.int().min(1).max(1000).default(50).describe('At most.'),
  batch: z.int().min(1).max(1024).default(128).describe('Tiles per step.'),
  learningRate: z.number().positive().max(1).default(0.001).describe('Adam’s.'),
  weightDecay: z.number().min(0).max(1).default(1e-4).describe('L2, added to the gradients.'),
  tolerance: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe('τ: it starts when accuracy fell by more than this (0.02: two points).'),
  excellent: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Stops at once when less than this is lost any longer.'),
  acceptablePatience: z
    .int()
    .min(1)
    .default(5)
    .describe('Epochs without gain before it stops when less than τ is lost.'),
  patience: z.int().min(1).default(15).describe('Epochs without gain before it stops otherwise.'),
  plateauPatience: z
    .int()
    .min(0)
    .default(10)
    .describe('Epochs without a better validation accuracy before the learning rate is lowered.'),
  plateauFactor: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('What the learning rate is multiplied by then.'),
  distil: teachingSchema
    .optional()
    .describe('The network in front of the pruning teaches, besides the labels; without it, labels alone.'),
});

export type FinetuneSettings = z.infer<typeof finetuneSettingsSchema>;
