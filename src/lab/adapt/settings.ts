/** Settings of equivariant fine-tuning, schema-checked. */
import { z } from 'zod';
import { GROUP_NAMES, type GroupName } from '../symmetry/group';
import { trainSettingsSchema } from '../train/settings';
import { PENALTY_IDS } from './penalties/names';

/** Every epoch is run and the last one's network is taken, so that ways to adapt have the same number of steps. */
const { batch, decay, weightDecay } = trainSettingsSchema.shape;
export const adaptSettingsSchema = z.strictObject({
  epochs: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('All of them are run; the network of the last goes on.'),
  batch: batch.unwrap().default(32).describe('Tiles per step.'),
  learningRate: z.number().positive().max(1).default(0.001).describe('Adam’s.'),
  decay: decay
    .unwrap()
    .default('linear')
    .describe('Of the learning rate; `linear`: it falls to zero over the run, step by step.'),
  weightDecay: weightDecay.describe('L2, added to the gradients.'),
});
export type AdaptSettings = z.infer<typeof adaptSettingsSchema>;

/** The groups to adapt to: all but the trivial one. */
export const ADAPT_GROUPS = GROUP_NAMES.filter((name) => name !== 'C1') as Exclude<GroupName, 'C1'>[];

const lambda = z.number().min(0).max(1e6);

/** λ by k-fold cross-validation on the training part. */
export const lambdaSweepSchema = z.strictObject({
  values: z.array(lambda).min(2).max(20).describe('What is tried.'),
  folds: z
    .int()
    .min(2)
    .max(10)
    .default(3)
    .describe('k: each value is tried k times, on a part of the training tiles that did not teach.'),
  by: z
    .enum(['upright', 'moved'])
    .default('upright')
    .describe(
      'What decides: the mean accuracy on held-out tiles as they are, or in all positions of the group.',
    ),
});
export type LambdaSweep = z.infer<typeof lambdaSweepSchema>;

export const fieldsSchema = z
  .enum(['matched', 'neighbours'])
  .default('matched')
  .describe(
    'Which channels make a field: those whose filters are nearest to turned copies of each other, or those that lie side by side.',
  );

/** What an `adapt` stage says beside what every stage may say. */
export const adaptShape = {
  group: z.enum(ADAPT_GROUPS).default('C4').describe('Towards which equivariance; `D1`: reflections alone.'),
  penalty: z
    .enum(PENALTY_IDS)
    .default('logits')
    .describe(
      'R: consistency of the `logits` or of the `features`, or the distance of the `weights` from equivariant ones.',
    ),
  lambda: z
    .union([lambda, lambdaSweepSchema])
    .describe('λ, how much R counts; 0: plain fine-tuning. Or values to choose from by cross-validation.'),
  fields: fieldsSchema,
  augment: z
    .boolean()
    .default(false)
    .describe('Whether the tiles that teach are turned by a random element of the group, anew each time.'),
  settings: adaptSettingsSchema.prefault({}).describe('How.'),
};
