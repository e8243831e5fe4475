/**
 * Where a network comes from, as its file tells it: the data, every step with its figures, the engine, and the recipe
 * that makes it again. README, cards and recipe.json are written from this.
 */
import { z } from 'zod';
import { version as lab } from '../../../package.json';
import type { AnyModel } from '../nn/model';
import * as tf from '../runtime/tf';
import type { StageRecord } from '../stage/store';
import { type Chosen, chainOf, stepsTo } from './chain';
import { identitiesOf } from './identity';
import { planRecipe } from './plan';
import type { Run } from './run';
import { recipeSchema } from './schema';

const dataSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Painted by code. */
  synthetic: z.boolean(),
  /** Tiles, and how many of them are in each part of the recipe's split. */
  count: z.number(),
  parts: z.object({ train: z.number(), val: z.number(), test: z.number() }),
  /** `datasetHash`. */
  fingerprint: z.string(),
});

/** A step that led here, or a check of what it left: what was measured, without long lists. */
const madeSchema = z.looseObject({ name: z.string(), id: z.string(), kind: z.string() });
export type MadeStep = z.infer<typeof madeSchema>;

const provenanceSchema = z.looseObject({
  version: z.literal(2),
  /** The network's identity: that of the last step of its recipe. */
  id: z.string(),
  /** Makes exactly this network, from nothing or from the networks that it says it begins with. */
  recipe: recipeSchema,
  data: dataSchema,
  steps: z.array(madeSchema),
  engine: z.string(),
  lab: z.string(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** What a file says of its origin; null where it says nothing that this version of the lab understands. */
export function provenanceIn({ provenance }: Pick<AnyModel, 'provenance'>): Provenance | null {
  return provenanceSchema.safeParse(provenance).data ?? null;
}

/** The origin of the network that a step of a run left. `records`: of the steps done so far, by name. */
export function provenanceOf(
  run: Run,
  name: string,
  records: ReadonlyMap<string, StageRecord>,
  chosen: Chosen,
): Provenance & { readonly dataset: string } {
  const { source, splits, recipe: whole, data } = run;
  const recipe = chainOf(whole, name, chosen);
  const ids = identitiesOf(planRecipe(recipe), {
    data,
    arch: run.arch,
    seed: recipe.seed,
    start: recipe.start,
  });
  const links = new Set(stepsTo(whole, name, chosen));
  const told = run.planned.filter(
    (each) =>
      links.has(each.name) ||
      (each.kind === 'check' && each.input?.kind === 'step' && links.has(each.input.name)),
  );
  const before = [...run.start].flatMap(([given, model]) =>
    recipe.start?.some((each) => each.name === given) ? (provenanceIn(model)?.steps ?? []) : [],
  );
  const made = told.flatMap(({ name, kind, input }): MadeStep[] => {
    const record = records.get(name);
    const of = kind === 'check' && input?.kind === 'step' ? { of: input.name } : {};
    return record ? [{ ...shortened(record), name, id: run.ids.get(name)!, kind, ...of }] : [];
  });
  const { name: dataName, title, synthetic, count } = source;
  const parts = { train: splits.train.length, val: splits.val.length, test: splits.test.length };
  return {
    version: 2,
    id: [...ids.values()].at(-1)!,
    recipe,
    data: { name: dataName, title, synthetic, count, parts, fingerprint: data },
    steps: [...before, ...made],
    engine: tf.getBackend(),
    lab,
    dataset: title,
    synthetic,
  };
}

/** What is long, or another one each time it is measured. */
const UNTOLD: ReadonlySet<string> = new Set(['id', 'answers', 'seconds', 'latency']);

/** At most so many numbers of a list are worth keeping in a file. */
const LONGEST = 16;

/** A record without its long lists: how many epochs there were, how many units were kept of each layer. */
function shortened(record: StageRecord): Record<string, unknown> {
  const entries = Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
    if (UNTOLD.has(key)) return [];
    if (key === 'epochs' && Array.isArray(value)) return [[key, value.length]];
    if (key === 'kept' && Array.isArray(value))
      return [['left', Array.isArray(value[0]) ? value.map((each) => each.length) : value.length]];
    if (key === 'test' && typeof value === 'object') return [[key, shortened(value as StageRecord)]];
    return Array.isArray(value) && value.length > LONGEST ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}
