/**
 * Recipes of version 1, as files, links and kept runs still hold them, and what they say in version 2. There a `prune`
 * stage was what is now a sweep, always of the network that was trained last; `rotate` is now `check`; an INT8 network's
 * ranges were found per batch unless it said otherwise. A converted recipe makes the same networks.
 */
import { z } from 'zod';
import { BadInput } from '../errors';
import { INT8_LAYERS, INT8_RANGES } from '../nn/arch';
import { CRITERION_IDS } from '../prune/criteria';
import { FIELD_COMPENSATIONS } from '../prune/fields/choice';
import { BUDGETS } from '../prune/fields/rank';
import { CASCADES } from '../prune/neurons/cascade';
import { COMPENSATIONS } from '../prune/neurons/compensate';
import { distilSettingsSchema, finetuneSettingsSchema, trainSettingsSchema } from '../train/settings';
import { planRecipe } from './plan';
import { checkRecipe, type Recipe, recipeSchema } from './schema';
import { studyNetworks, studyShape } from './studyPlan';

const ratios = z.array(z.number().min(0).lt(1)).min(1);
const methods = z.array(z.enum(CRITERION_IDS)).min(1);
const steps = z.int().min(2).max(20).optional();
const from = z.string().optional();
const { name, arch, seed, split } = recipeSchema.shape;
const { hidden, head, group, dropout } = arch.shape;

const schema = z.strictObject({
  version: z.literal(1),
  name,
  arch,
  seed,
  split,
  stages: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('train'), settings: trainSettingsSchema.prefault({}) }),
        z.strictObject({
          kind: z.literal('distil'),
          student: z.strictObject({ hidden, head, group, dropout, id: z.string().optional() }).prefault({}),
          settings: distilSettingsSchema.prefault({}),
        }),
        z.strictObject({
          kind: z.literal('prune'),
          ...{ ratios, methods, steps },
          compensations: z.array(z.enum(COMPENSATIONS)).min(1),
          cascades: z.array(z.enum(CASCADES)).min(1).optional(),
          finetune: finetuneSettingsSchema.nullable(),
        }),
        z.strictObject({
          kind: z.literal('prune-fields'),
          ...{ ratios, methods, steps },
          compensations: z.array(z.enum(FIELD_COMPENSATIONS)).min(1),
          budget: z.enum(BUDGETS).optional(),
          layers: z.array(z.int().min(1)).min(1).optional(),
          finetune: finetuneSettingsSchema.nullable(),
        }),
        z.strictObject({ kind: z.literal('study'), ...studyShape }),
        z.strictObject({
          kind: z.literal('quantise'),
          layers: z.enum(INT8_LAYERS).default('dense'),
          range: z.enum(INT8_RANGES).default('batch'),
          from,
        }),
        z.strictObject({
          kind: z.literal('rotate'),
          split: z.enum(['train', 'val', 'test']).default('test'),
          angles: z.array(z.number()).min(1).default([0, 90, 180, 270]),
          from,
          answers: z.literal(true).optional(),
        }),
      ]),
    )
    .min(1),
});
type Recipe1 = z.infer<typeof schema>;
type Stage1 = Recipe1['stages'][number];

export interface Converted {
  readonly recipe: Recipe;
  /** What each record was called, and what it is called now. */
  readonly names: ReadonlyMap<string, string>;
}

export const isVersion1 = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { version?: unknown }).version === 1;

/** The recipe in version 2, or the issue that keeps it from being one. Throws `BadInput` where its stages misfit. */
export function convert(value: unknown): Converted | z.core.$ZodIssue {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return parsed.error.issues[0];
  const { stages: old, ...rest } = parsed.data;
  const names = new Map<string, string>();
  const stages: object[] = [];
  let [suffix, atHand, count] = ['', null as string | null, 0];
  for (const stage of old) {
    const taken =
      'from' in stage && stage.from !== undefined ? (names.get(stage.from) ?? stage.from) : atHand;
    const [first, ...others] = stagesOf(stage);
    stages.push({ ...first, ...(stage.kind !== 'train' && taken !== null && { from: taken }) }, ...others);
    const recipe = checkRecipe({ ...rest, version: 2, stages });
    const made = planRecipe(recipe).slice(count);
    count += made.length;
    const called = namesOf(stage, suffix);
    for (const [i, { name: now }] of made.entries()) if (!names.has(called[i])) names.set(called[i], now);
    const leaves = stage.kind === 'train' || stage.kind === 'distil' || stage.kind === 'quantise';
    if (leaves) [suffix, atHand] = [stage.kind === 'train' ? '' : ` of ${called[0]}`, made[0].name];
  }
  return { recipe: withoutNeedlessFrom(checkRecipe({ ...rest, version: 2, stages })), names };
}

/** Without `from` where the network is at hand anyway: as a person would write it. */
function withoutNeedlessFrom(whole: Recipe): Recipe {
  const inputsOf = (recipe: Recipe) => JSON.stringify(planRecipe(recipe).map(({ input }) => input));
  const wanted = inputsOf(whole);
  let recipe = whole;
  for (const [i, stage] of whole.stages.entries()) {
    const { from: _, ...bare } = stage as typeof stage & { from?: unknown };
    const shorter = { ...recipe, stages: recipe.stages.with(i, bare as typeof stage) };
    if (isPlannable(shorter) && inputsOf(shorter) === wanted) recipe = shorter;
  }
  return recipe;
}

function isPlannable(recipe: Recipe): boolean {
  try {
    planRecipe(recipe);
    return true;
  } catch (error) {
    if (error instanceof BadInput) return false;
    throw error;
  }
}

/** A stage in version 2, without the network it takes. A pruning in one way was a sweep, and is two stages. */
function stagesOf(stage: Stage1): object[] {
  switch (stage.kind) {
    case 'prune': {
      const { kind: _, ...neurons } = stage;
      const { cascades: [cascade, ...others] = ['aligned' as const] } = stage;
      if (others.length > 0 || !isOneWay(stage)) return [{ kind: 'sweep', neurons }];
      return [{ kind: 'prune', ...wayOf(stage), cascade }, ...tuningOf(stage)];
    }
    case 'prune-fields': {
      const { kind: _, ...fields } = stage;
      const { budget, layers } = stage;
      if (!isOneWay(stage)) return [{ kind: 'sweep', fields }];
      const where = { ...(budget && { budget }), ...(layers && { layers }) };
      return [{ kind: 'prune-fields', ...wayOf(stage), ...where }, ...tuningOf(stage)];
    }
    case 'rotate': {
      const { split: part, angles, answers } = stage;
      return [{ kind: 'check', part, angles, ...(answers && { answers }) }];
    }
    default: {
      const { from: _, ...rest } = stage as Stage1 & { from?: string };
      return [rest];
    }
  }
}

type Pruning1 = Extract<Stage1, { kind: 'prune' | 'prune-fields' }>;

const isOneWay = ({ ratios, methods, compensations }: Pruning1): boolean =>
  ratios.length * methods.length * compensations.length === 1;

function wayOf({
  ratios: [ratio],
  methods: [method],
  compensations: [compensation],
  steps,
  finetune,
}: Pruning1) {
  return { ratio, method, compensation, ...(steps && { steps: { count: steps, finetune } }) };
}

const tuningOf = ({ finetune }: Pruning1): object[] =>
  finetune ? [{ kind: 'finetune', settings: finetune }] : [];

/** What the records of a stage were called. */
function namesOf(stage: Stage1, suffix: string): string[] {
  const of = 'from' in stage && stage.from !== undefined ? ` of ${stage.from}` : suffix;
  switch (stage.kind) {
    case 'train':
      return ['train'];
    case 'distil':
      return [`distil${suffix}`];
    case 'quantise':
      return [`quantise ${stage.layers} per ${stage.range}${of}`];
    case 'rotate':
      return [`rotate ${stage.split}${of}`];
    case 'study':
      return studyNetworks(stage).map((network) => `${network.name}${suffix}`);
    default:
      return cellsOf(stage).flatMap((cell) => {
        const inSteps = stage.steps ? ` in ${stage.steps} steps` : '';
        const called = `${cell}${inSteps}${suffix}`;
        return stage.finetune ? [`prune ${called}`, `finetune ${called}`] : [`prune ${called}`];
      });
  }
}

function cellsOf(stage: Pruning1): string[] {
  const each = (name: (method: string, compensation: string) => string[]) =>
    stage.methods.flatMap((method) =>
      stage.compensations.flatMap((compensation) => name(method, compensation)),
    );
  const amounts = stage.ratios.map((ratio) => `${Math.round(ratio * 1000) / 10}%`);
  if (stage.kind === 'prune') {
    const cascades = stage.cascades ?? ['aligned'];
    return each((method, compensation) =>
      cascades.flatMap((cascade) => {
        const wrong = cascade === 'aligned' ? '' : `${cascade} `;
        return amounts.map((amount) => `${method} ${compensation} ${wrong}${amount}`);
      }),
    );
  }
  const { budget, layers } = stage;
  const where = layers ? ` in layers ${layers.join(',')}` : '';
  const of = budget ? `${budget} ` : '';
  return each((method, compensation) =>
    amounts.map((amount) => `fields ${method} ${compensation} ${of}${amount}${where}`),
  );
}
