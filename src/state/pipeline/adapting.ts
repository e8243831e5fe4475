/** What the Pipeline view's form says of adapting a plain network, and the recipe that this stands for. */
import { z } from 'zod';
import { create } from 'zustand';
import { PENALTY_IDS } from '../../lab/adapt/penalties/names';
import { ADAPT_GROUPS, adaptSettingsSchema } from '../../lab/adapt/settings';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { BadInput } from '../../lab/errors';
import { plain } from '../../lab/plain';
import { firstName } from '../../lab/recipe/networkNames';
import { checkRecipe, type Recipe } from '../../lab/recipe/schema';
import { twinDesign, type Way, waysOf } from '../../lab/recipe/ways';
import type { Begin } from './pipeline';

export const SHARES = ['1', '0.1', '0.05', '0.01'] as const;

export const adaptingSchema = z.object({
  group: z.enum(ADAPT_GROUPS),
  penalty: z.enum(PENALTY_IDS),
  /** Whether λ is chosen by folds, or is one value. */
  choose: z.enum(['folds', 'one']),
  lambda: z.coerce.number().min(0).max(1e6),
  /** What folds try: numbers with commas. */
  values: z.string(),
  folds: z.coerce.number().int().min(2).max(10),
  /** Of the training tiles. */
  share: z.enum(SHARES),
  epochs: z.coerce.number().int().min(1).max(1000),
  rate: z.coerce.number().positive().max(1),
  project: z.boolean(),
  beside: z.boolean(),
});
export type AdaptingPlan = z.infer<typeof adaptingSchema>;

export const DEFAULT_ADAPTING: AdaptingPlan = {
  group: 'C4',
  penalty: 'weights',
  choose: 'folds',
  lambda: 0.1,
  values: '0, 0.01, 0.1',
  folds: 3,
  share: '1',
  epochs: 10,
  rate: 0.001,
  project: true,
  beside: false,
};

interface AdaptingForm {
  /** Whether the network at hand is adapted, instead of pruned and rounded. */
  readonly on: boolean;
  readonly plan: AdaptingPlan;
}

export const useAdapting = create<AdaptingForm>()(() => ({ on: false, plan: DEFAULT_ADAPTING }));

export const changeAdapting = (changes: Partial<AdaptingPlan>): void =>
  useAdapting.setState(({ plan }) => ({ plan: { ...plan, ...changes } }));

/** The recipe of the form for a network at hand. Throws `BadInput` for values of λ that are no numbers. */
export function recipeOfAdapting(
  plan: AdaptingPlan,
  { name, given, split }: Begin,
  { seed, batch }: { readonly seed: number; readonly batch: number },
): Recipe {
  const { group, penalty, epochs, rate } = plan;
  const ways: Way[] = ['adapted', 'fine-tuned'];
  if (plan.project) ways.push('projected');
  if (plan.beside) ways.push('augmented', 'by construction');
  const { limit: _, share: __, ...own } = split ?? { seed: 1, ...DEFAULT_FRACTIONS };
  const settings = adaptSettingsSchema.parse({ epochs, batch, learningRate: rate });
  const order = {
    group,
    penalty,
    settings,
    ways,
    lambda: plan.choose === 'one' ? plan.lambda : sweepOf(plan),
  };
  return checkRecipe({
    version: 2,
    name: `${firstName(name)} adapted`.slice(0, 100),
    arch: twinDesign(given.model.arch, group),
    seed,
    split: { ...own, ...(plan.share !== '1' && { share: Number(plan.share) }) },
    start: [{ name: 'network', title: name, fingerprint: given.fingerprint }],
    stages: waysOf(order, 'network'),
  });
}

function sweepOf({ values, folds }: AdaptingPlan) {
  const list = values.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (list.length < 2 || list.some((value) => !(value >= 0 && value <= 1e6)))
    throw new BadInput(`λ by folds needs at least two numbers such as 0, 0.1, 1, not “${plain(values)}”.`);
  return { values: list, folds, by: 'upright' as const };
}
