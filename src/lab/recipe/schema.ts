/**
 * A recipe is an experiment as JSON: the same object is a command-line argument, a form's state, a row in the
 * history and the header of a report.
 */

import { z } from 'zod';
import { BadInput } from '../errors';
import { HEAD_KINDS } from '../families/gcnn/arch';
import { int8Schema } from '../nn/arch';
import { CRITERION_IDS } from '../prune/criteria';
import { FIELD_COMPENSATIONS } from '../prune/fields/choice';
import { BUDGETS } from '../prune/fields/rank';
import { CASCADES } from '../prune/neurons/cascade';
import { COMPENSATIONS } from '../prune/neurons/compensate';
import { GROUP_NAMES } from '../symmetry/group';
import { distilSettingsSchema, finetuneSettingsSchema, trainSettingsSchema } from '../train/settings';
import { studyStageSchema } from './studyPlan';

const ratio = z.number().min(0).lt(1);

/** What a named design can be given otherwise; the classes come from the data. */
const archChoicesSchema = z.object({
  group: z.enum(GROUP_NAMES).optional(),
  head: z.enum(HEAD_KINDS).optional(),
  hidden: z.int().min(1).max(65536).optional(),
  dropout: z.number().min(0).max(0.95).optional(),
});

const trainStageSchema = z.object({ kind: z.literal('train'), settings: trainSettingsSchema.prefault({}) });

/** Trains a student from scratch with the network at hand as its teacher; the student goes on. */
const distilStageSchema = z.object({
  kind: z.literal('distil'),
  /** Without an id: the recipe's own design with these changes. The input size is always the recipe's. */
  student: archChoicesSchema.extend({ id: z.string().optional() }).prefault({}),
  settings: distilSettingsSchema.prefault({}),
});

/** Rounds the network at hand to 8-bit integers, which goes on to be checked. */
const quantiseStageSchema = z.object({
  kind: z.literal('quantise'),
  layers: int8Schema.shape.layers.default('dense'),
  range: int8Schema.shape.range.default('tile'),
  /** Takes the network an earlier stage left under this name instead, such as `finetune l2 none 50%`. */
  from: z.string().optional(),
});

/** Pruned in so many steps with fine-tuning between; absent: in one. */
const steps = z.int().min(2).max(20);

/** Prunes the trained network once for each ratio × method × compensation, and fine-tunes where needed. */
const pruneStageSchema = z.object({
  kind: z.literal('prune'),
  ratios: z.array(ratio).min(1),
  methods: z.array(z.enum(CRITERION_IDS)).min(1),
  compensations: z.array(z.enum(COMPENSATIONS)).min(1),
  /** Without them: aligned. The others are counter-examples (prune/neurons/cascade.ts). */
  cascades: z.array(z.enum(CASCADES)).min(1).optional(),
  steps: steps.optional(),
  /** null: no fine-tuning. */
  finetune: finetuneSettingsSchema.nullable(),
});

/** Prunes whole fields of the trained network once for each ratio × method × compensation, and fine-tunes where needed. */
const pruneFieldsStageSchema = z.object({
  kind: z.literal('prune-fields'),
  /** Shares to remove: of each layer's fields or, with a budget, of the whole network's cost, met across layers. */
  ratios: z.array(ratio).min(1),
  methods: z.array(z.enum(CRITERION_IDS)).min(1),
  compensations: z.array(z.enum(FIELD_COMPENSATIONS)).min(1),
  budget: z.enum(BUDGETS).optional(),
  /** Convolutions to prune, from 1; absent: all. */
  layers: z.array(z.int().min(1)).min(1).optional(),
  steps: steps.optional(),
  finetune: finetuneSettingsSchema.nullable(),
});

/** Checks the network at hand at any angles and measures the equivariance error of each layer. */
const rotateStageSchema = z.object({
  kind: z.literal('rotate'),
  split: z.enum(['train', 'val', 'test']).default('test'),
  angles: z.array(z.number()).min(1).default([0, 90, 180, 270]),
  /** Checks the network an earlier stage left under this name instead, such as `finetune l2 none 50%`. */
  from: z.string().optional(),
  /** Keeps the answer to each tile, upright, in the record: two networks can then be compared tile by tile. */
  answers: z.literal(true).optional(),
});

const most = z.int().min(1).optional();

export const recipeSchema = z.object({
  version: z.literal(1),
  name: z.string().min(1).max(100),
  arch: archChoicesSchema.extend({ id: z.string(), size: z.int().min(4).max(512).optional() }),
  seed: z.int().min(0).max(0xffffffff).default(1),
  split: z
    .object({
      seed: z.int().min(0).default(1),
      train: z.number().positive(),
      val: z.number().positive(),
      test: z.number().positive(),
      /** At most so many tiles of a part, drawn class by class. */
      limit: z.object({ train: most, val: most, test: most }).optional(),
    })
    .prefault({ train: 0.6, val: 0.2, test: 0.2 }),
  stages: z
    .array(
      z.discriminatedUnion('kind', [
        trainStageSchema,
        distilStageSchema,
        pruneStageSchema,
        pruneFieldsStageSchema,
        studyStageSchema,
        quantiseStageSchema,
        rotateStageSchema,
      ]),
    )
    .min(1),
});

export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeStage = Recipe['stages'][number];

/** Checks a value (parsed JSON) as a recipe and fills in defaults. Throws `BadInput` naming the first misfit. */
export function parseRecipe(value: unknown): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new BadInput(
    `This is not a recipe the lab understands: "${path.join('.')}" does not fit (${message}).`,
  );
}
