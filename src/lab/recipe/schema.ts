/**
 * A recipe is an experiment as JSON: the same object is a command-line argument, a form's state, a row in the
 * history, the header of a report, and what lies beside an exported network. docs/recipes.md is made from this schema.
 *
 * Its stages are a chain of networks: each takes the network that the stage before it left (or the one that it names
 * with `from`) and leaves one. A `sweep` and a `study` leave many, of which a later stage takes one.
 */

import { z } from 'zod';
import { ADAPT_GROUPS, adaptShape, fieldsSchema } from '../adapt/settings';
import { BadInput } from '../errors';
import { HEAD_KINDS } from '../families/gcnn/arch';
import { int8Schema } from '../nn/arch';
import { bandWishSchema } from '../pictures/bands';
import { RANKINGS } from '../prune/blocks/rank';
import { BLOCK_UNITS } from '../prune/blocks/units';
import { CRITERION_IDS } from '../prune/criteria';
import { FIELD_COMPENSATIONS } from '../prune/fields/choice';
import { BUDGETS } from '../prune/fields/rank';
import { FILTER_COMPENSATIONS } from '../prune/filters/choice';
import { CASCADES } from '../prune/neurons/cascade';
import { COMPENSATIONS } from '../prune/neurons/compensate';
import { ORBIT_METHODS } from '../prune/orbits/choice';
import { GROUP_NAMES } from '../symmetry/group';
import {
  continueSettingsSchema,
  distilSettingsSchema,
  finetuneSettingsSchema,
  trainSettingsSchema,
} from '../train/settings';
import { studyShape } from './studyPlan';

const ratio = z.number().min(0).lt(1);
const method = z.enum(CRITERION_IDS).default('l2').describe('The criterion: what is ranked lowest goes.');
const FILLING = 'What takes the place of what is removed.';
const seed = z.int().min(0).max(0xffffffff);
const layers = z.array(z.int().min(1)).min(1);
const most = z.int().min(1).optional();

export const splitSchema = z.strictObject({
  seed: z.int().min(0).default(1).describe('Seed of the split.'),
  train: z.number().positive().describe('Share of the tiles that teach. The three shares are 1 together.'),
  val: z.number().positive().describe('Share of the tiles that choose.'),
  test: z.number().positive().describe('Share of the tiles that choose nothing.'),
  limit: z
    .strictObject({
      train: most.describe('Training tiles.'),
      val: most.describe('Validation tiles.'),
      test: most.describe('Test tiles.'),
    })
    .optional()
    .describe('At most so many tiles of a part, drawn class by class.'),
  folds: z
    .strictObject({
      of: z.int().min(2).max(20).describe('How many.'),
      fold: z.int().min(0).describe('Which of them is tested, from 0.'),
    })
    .optional()
    .describe(
      'By folds: each tile is a test tile of one of so many; the share of the test part says nothing then. Not for sets that come in parts.',
    ),
  share: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      'Only this share of the training tiles teaches (0.1: a tenth), drawn class by class, at least one tile of each.',
    ),
});
export type SplitSettings = z.infer<typeof splitSchema>;

/** What a named design can be given otherwise; the classes come from the data. */
const archChoices = {
  group: z.enum(GROUP_NAMES).optional().describe('Under which it is equivariant; `C1`: plain.'),
  head: z.enum(HEAD_KINDS).optional().describe('How the last map reaches the dense layers.'),
  hidden: z.int().min(1).max(65536).optional().describe('Hidden neurons.'),
  dropout: z
    .number()
    .min(0)
    .max(0.95)
    .optional()
    .describe('Share of hidden activations dropped in training.'),
};
const design = z
  .string()
  .describe(
    'Which design: `c4`, `c4-twin`, `base`, `paper`, … An unknown one is refused with the list of all.',
  );

/** A network of a sweep or a study, chosen by what was measured on validation tiles. */
export const ruleSchema = z.strictObject({
  of: z.string().min(1).describe('The name of a sweep or study.'),
  smallest: z
    .enum(['bytes', 'params', 'macs'])
    .describe('The network with the least of this, among those accurate enough.'),
  within: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'How much accuracy may be lost on validation tiles (0.02: two points) against the network swept.',
    ),
});
export type Rule = z.infer<typeof ruleSchema>;

export const fromSchema = z.union([z.string().min(1), ruleSchema]);
/** The network of an earlier stage: by its name, or by a rule. */
export type From = z.infer<typeof fromSchema>;

const name = z.string().min(1).max(100);

/** What every stage may say. */
const common = {
  name: name.optional().describe('What later stages call it; without one it is named after what it does.'),
  from: fromSchema
    .optional()
    .describe('Takes the network of this earlier stage; without it, the network that the stage before left.'),
  split: splitSchema.optional().describe('Another split than the recipe’s.'),
};
const drawn = { ...common, seed: seed.optional().describe('Another seed than the recipe’s.') };

const trainStageSchema = z
  .strictObject({
    kind: z.literal('train'),
    name: common.name,
    split: common.split,
    seed: drawn.seed,
    settings: trainSettingsSchema.prefault({}).describe('How.'),
  })
  .describe('Trains a fresh network of the recipe’s design.');

const continueStageSchema = z
  .strictObject({
    kind: z.literal('continue'),
    ...drawn,
    settings: continueSettingsSchema.prefault({}).describe('How.'),
  })
  .describe(
    'Trains the network at hand further, all of it, with Adam begun anew. For other classes it gets a new last layer. Where no epoch is better than its beginning, it stays as it was.',
  );

const distilStageSchema = z
  .strictObject({
    kind: z.literal('distil'),
    ...drawn,
    student: z
      .strictObject({ ...archChoices, id: design.optional() })
      .prefault({})
      .describe(
        'Without an id: the recipe’s own design with these changes. The input is always the recipe’s.',
      ),
    settings: distilSettingsSchema.prefault({}).describe('How.'),
  })
  .describe('Trains a student from scratch, with the network at hand as its teacher. The student goes on.');

const stepsSchema = z
  .strictObject({
    count: z.int().min(2).max(20).describe('How many.'),
    finetune: finetuneSettingsSchema.prefault({}).describe('Between them.'),
  })
  .describe('Pruned in so many steps, with fine-tuning between them.');

const pruneStageSchema = z
  .strictObject({
    kind: z.literal('prune'),
    ...drawn,
    ratio: ratio.describe('Share of the hidden neurons to remove.'),
    method,
    compensation: z.enum(COMPENSATIONS).default('none').describe(FILLING),
    cascade: z
      .enum(CASCADES)
      .default('aligned')
      .describe('Anything but aligned is a counter-example (prune/neurons/cascade.ts).'),
    steps: stepsSchema.optional(),
  })
  .describe('Removes hidden neurons.');

const pruneFieldsStageSchema = z
  .strictObject({
    kind: z.literal('prune-fields'),
    ...drawn,
    ratio: ratio.describe(
      'Share to remove: of each layer’s fields or, with a budget, of the network’s cost.',
    ),
    method,
    compensation: z.enum(FIELD_COMPENSATIONS).default('none').describe(FILLING),
    budget: z.enum(BUDGETS).optional().describe('Ranked across layers until this cost is down by `ratio`.'),
    layers: layers.optional().describe('Convolutions to prune, from 1; without it, all.'),
    kept: z
      .array(z.array(z.int().min(0)).min(1))
      .min(1)
      .optional()
      .describe(
        'Exactly these fields of each layer stay: what a budget of time came to, which is not measured again.',
      ),
    steps: stepsSchema.optional(),
  })
  .describe('Removes whole fields inside the convolutions.');

const pruneOrbitsStageSchema = z
  .strictObject({
    kind: z.literal('prune-orbits'),
    ...drawn,
    layer: z.int().min(1).optional().describe('Which convolution, from 1; without it, each of them.'),
    target: z
      .union([
        z.literal('ring'),
        z.strictObject({
          ratio: ratio.describe('Share of the kernel’s orbits.'),
          method: z.enum(ORBIT_METHODS).default('l2').describe('The criterion.'),
        }),
      ])
      .describe('The outer ring of the kernel, or a share of its spatial orbits.'),
  })
  .describe('Removes spatial orbits of a kernel.');

const pruneBlocksStageSchema = z
  .strictObject({
    kind: z.literal('prune-blocks'),
    ...drawn,
    units: z
      .enum(BLOCK_UNITS)
      .default('mlp')
      .describe('`mlp`: hidden neurons (or fields) of the MLPs; `heads`: heads of attention.'),
    ratio: ratio.describe('Share of the units to remove.'),
    ranking: z
      .enum(RANKINGS)
      .default('network')
      .describe('`network`: over all blocks together; `block`: the same share of each block.'),
    method,
    compensation: z.enum(COMPENSATIONS).default('none').describe(FILLING),
  })
  .describe('Removes units inside the blocks of a transformer.');

const pruneFiltersStageSchema = z
  .strictObject({
    kind: z.literal('prune-filters'),
    ...drawn,
    ratio: ratio.describe(
      'Share to remove of the filters of each layer, or of layers that a residual sum ties.',
    ),
    method,
    compensation: z.enum(FILTER_COMPENSATIONS).default('none').describe(FILLING),
  })
  .describe('Removes filters of a network from elsewhere, and hidden neurons of its dense layers.');

const finetuneStageSchema = z
  .strictObject({
    kind: z.literal('finetune'),
    ...drawn,
    towards: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The stage whose network sets the accuracy to reach, and teaches; without it, the one that was pruned.',
      ),
    settings: finetuneSettingsSchema.prefault({}).describe('How.'),
  })
  .describe('Adaptive fine-tuning; skipped, and said, where too little was lost.');

const adaptStageSchema = z
  .strictObject({ kind: z.literal('adapt'), ...drawn, ...adaptShape })
  .describe(
    'Fine-tunes the whole network on the tiles, with λ · R in its loss, towards equivariance. For other classes it gets a new last layer.',
  );

const projectStageSchema = z
  .strictObject({
    kind: z.literal('project'),
    ...common,
    group: z.enum(ADAPT_GROUPS).default('C4').describe('Under which it is equivariant then.'),
    fields: fieldsSchema,
    norms: z
      .enum(['estimated', 'averaged'])
      .default('estimated')
      .describe(
        'Running statistics of its norms: estimated anew on training tiles, or those of the channels averaged. A transformer has none.',
      ),
  })
  .describe(
    'Makes a plain network exactly equivariant: its weights become their mean over the group, and |G| times fewer are left.',
  );

const quantiseStageSchema = z
  .strictObject({
    kind: z.literal('quantise'),
    ...common,
    layers: int8Schema.shape.layers.default('dense'),
    range: int8Schema.shape.range.default('tile'),
  })
  .describe('Rounds to 8-bit integers. The last change a network can take.');

const checkStageSchema = z
  .strictObject({
    kind: z.literal('check'),
    ...common,
    part: z.enum(['train', 'val', 'test']).default('test').describe('Which tiles.'),
    angles: z
      .array(z.number())
      .min(1)
      .default([0, 90, 180, 270])
      .describe('Degrees, counter-clockwise; right angles are exact.'),
    answers: z
      .literal(true)
      .optional()
      .describe(
        'Keeps the answer to each tile, upright, and at which quarter turns it is right: two networks can then be compared tile by tile.',
      ),
  })
  .describe('Turns tiles in front of the network and measures the equivariance error of each layer.');

const ratios = z.array(ratio).min(1).describe('Shares to remove.');
const methods = z.array(z.enum(CRITERION_IDS)).min(1).describe('Criteria.');
const grid = {
  ratios,
  methods,
  steps: z.int().min(2).max(20).optional().describe('Each pruned in so many steps, with `finetune` between.'),
  finetune: finetuneSettingsSchema.nullable().describe('Of every network pruned; null: none.'),
};

const sweepStageSchema = z
  .strictObject({
    kind: z.literal('sweep'),
    ...drawn,
    neurons: z
      .strictObject({
        ...grid,
        compensations: z.array(z.enum(COMPENSATIONS)).min(1).describe(FILLING),
        cascades: z
          .array(z.enum(CASCADES))
          .min(1)
          .optional()
          .describe('Without it, `aligned` alone; the others are counter-examples.'),
      })
      .optional()
      .describe('Hidden neurons, once for each ratio × method × compensation (× cascade).'),
    fields: z
      .strictObject({
        ...grid,
        compensations: z.array(z.enum(FIELD_COMPENSATIONS)).min(1).describe(FILLING),
        budget: z.enum(BUDGETS).optional().describe('As in `prune-fields`.'),
        layers: layers.optional().describe('As in `prune-fields`.'),
      })
      .optional()
      .describe('Whole fields, once for each ratio × method × compensation.'),
  })
  .describe('Prunes the network at hand in many ways. Leaves many networks; a later stage takes one.');

const studyStageSchema = z
  .strictObject({ kind: z.literal('study'), ...drawn, ...studyShape })
  .describe('As a sweep, with every network measured on test tiles too (docs/reports).');

export const STAGE_SCHEMAS = [
  trainStageSchema,
  continueStageSchema,
  distilStageSchema,
  pruneStageSchema,
  pruneFieldsStageSchema,
  pruneOrbitsStageSchema,
  pruneBlocksStageSchema,
  pruneFiltersStageSchema,
  finetuneStageSchema,
  adaptStageSchema,
  projectStageSchema,
  quantiseStageSchema,
  checkStageSchema,
  sweepStageSchema,
  studyStageSchema,
] as const;

/** A network that a recipe begins with instead of training one: it is given beside the recipe. */
export const startSchema = z.strictObject({
  name: name.describe('What stages call it.'),
  title: z.string().max(200).default('').describe('What people call it.'),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('Of its weights and design: another network is refused.'),
});
export type Start = z.infer<typeof startSchema>;

export const recipeSchema = z.strictObject({
  version: z.literal(2).describe('Of this format.'),
  name: name.describe('For people; it decides no number.'),
  arch: z
    .strictObject({
      ...archChoices,
      id: design,
      size: z.int().min(4).max(512).optional().describe('Side of its input in pixels.'),
    })
    .describe('The design of a network that is trained; its classes and channels come from the data.'),
  seed: seed.default(1).describe('Of initial weights, shuffling, dropout and random choices.'),
  split: splitSchema
    .prefault({ train: 0.6, val: 0.2, test: 0.2 })
    .describe('Which tiles teach, which choose, and which choose nothing.'),
  bands: bandWishSchema
    .optional()
    .describe(
      'Which bands of the tiles the network reads: `rgb`, `all`, or their numbers; without it, all that the set holds.',
    ),
  start: z.array(startSchema).min(1).optional().describe('Networks to begin with; the first is at hand.'),
  stages: z.array(z.discriminatedUnion('kind', STAGE_SCHEMAS)).min(1).describe('What is done, in order.'),
});

export type Recipe = z.infer<typeof recipeSchema>;
export type RecipeStage = Recipe['stages'][number];
export type StageKind = RecipeStage['kind'];
export type StageOf<Kind extends StageKind> = Extract<RecipeStage, { kind: Kind }>;

/** Throws `BadInput` that names the first misfit, or the key that nothing is known of. */
export function checkRecipe(value: unknown): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadInput(`This is not a recipe the lab understands: ${misfit(parsed.error.issues[0])}`);
}

/** The first thing that does not fit, in words. */
export function misfit(issue: z.core.$ZodIssue): string {
  const inner = innermost(issue);
  const where = inner.path.join('.');
  if (inner.code === 'unrecognized_keys') {
    const keys = inner.keys.map((key) => `"${where === '' ? key : `${where}.${key}`}"`).join(', ');
    return `nothing is known of ${keys}; take it out, or look for a slip of the pen.`;
  }
  return `${where === '' ? 'it' : `"${where}"`} does not fit (${inner.message}).`;
}

/** Where a value fits none of several forms, the misfit of the form that it comes nearest to. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const deepest = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
  return deepest && deepest.path.length > 0
    ? innermost({ ...deepest, path: [...issue.path, ...deepest.path] })
    : issue;
}
