/** What the Train view's form says: one training run to be, and the recipe it stands for. */
import { z } from 'zod';
import { create } from 'zustand';
import { chosenChannels } from '../../lab/data/bands';
import type { Dataset } from '../../lab/data/dataset';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { BadInput } from '../../lab/errors';
import { paramShapes } from '../../lab/families/layout';
import type { AnyArch } from '../../lab/nn/arch';
import type { BandWish } from '../../lab/pictures/bands';
import { type Given, prepare } from '../../lab/recipe/prepare';
import { checkRecipe, type Recipe } from '../../lab/recipe/schema';
import { trainingPlanOf } from '../../lab/recipe/trainingPlan';
import { GROUP_NAMES } from '../../lab/symmetry/group';
import type { TrainSettings } from '../../lab/train/settings';
import type { TrainingPlan } from '../../lab/train/trainingCost';
import { type DatasetRow, SYNTHETIC } from '../../storage/rows';
import {
  augmentChoice,
  augmentIn,
  BALANCE_CHOICES,
  type Chosen,
  chosenWays,
  DESIGN_IDS,
  designIn,
  HEAD_CHOICES,
  networkOf,
  ownChoices,
  ownTraining,
  type Training,
  trainAlike,
  trainingIn,
  waysIn,
} from './designs';

export const planSchema = z.object({
  /** `synthetic`, or the id of a data set kept in this browser. */
  data: z.string().min(1),
  arch: z.enum(DESIGN_IDS as [string, ...string[]]),
  group: z.enum(GROUP_NAMES),
  head: z.enum(HEAD_CHOICES),
  /** Side of the network's input, in pixels. */
  size: z.coerce.number().int().min(4).max(512),
  /** Of a set that holds bands: all that it holds, its colours, or some by their numbers. */
  bands: z.string().regex(/^(all|rgb|[0-9]+(,[0-9]+)*)$/),
  seed: z.coerce.number().int().min(0).max(0xffffffff),
  splitSeed: z.coerce.number().int().min(0).max(0xffffffff),
  epochs: z.coerce.number().int().min(1).max(1000),
  batch: z.coerce.number().int().min(1).max(1024),
  rate: z.coerce.number().positive().max(1),
  augment: augmentChoice,
  balance: z.enum(BALANCE_CHOICES),
  patience: z.coerce.number().int().min(1).max(1000),
});
export type Plan = z.infer<typeof planSchema>;

export const DEFAULT_PLAN: Plan = {
  data: SYNTHETIC,
  ...ownChoices('c4-twin-small'),
  bands: 'all',
  seed: 1,
  splitSeed: 1,
  ...ownTraining('c4-twin-small'),
};

export const usePlan = create<{ readonly plan: Plan }>()(() => ({ plan: DEFAULT_PLAN }));

/** Changes the form; a newly chosen design brings what is its own, another set all its bands. */
export function changePlan(changes: Partial<Plan>): void {
  usePlan.setState(({ plan }) => ({ plan: changed(plan, changes) }));
}

/** A plan with changes: with another design come its group, head and size, and where it is trained otherwise, how. */
export function changed<Form extends Plan>(plan: Form, changes: Partial<Form>): Form {
  const { arch } = changes;
  const own = {
    ...(arch !== undefined && ownChoices(arch)),
    ...(arch !== undefined && !trainAlike(arch, plan.arch) && ownTraining(arch)),
    ...(changes.data !== undefined && { bands: DEFAULT_PLAN.bands }),
  };
  return { ...plan, ...own, ...changes };
}

/** What choosing other tiles changes: grey ones are mostly letters and digits, which mirrored are others. */
export const onTiles = (
  { augment }: Pick<Plan, 'augment'>,
  data: string,
  tiles: Pick<PlanData, 'channels'> | undefined,
): Partial<Plan> => ({
  data,
  ...(tiles?.channels === 1 &&
    waysIn(augment).includes('flip') && {
      augment: chosenWays(waysIn(augment).filter((way) => way !== 'flip')),
    }),
});

/** What choosing another design changes, on tiles that may be grey. */
export function toDesign(
  { arch: before }: Pick<Plan, 'arch'>,
  arch: string,
  tiles: Pick<PlanData, 'channels'> | undefined,
): Partial<Plan> {
  if (trainAlike(arch, before)) return { arch };
  const { data: _, ...augment } = onTiles(ownTraining(arch), '', tiles);
  return { arch, ...augment };
}

/** What a plan for a design says where nothing else was said. */
export const defaultsFor = (arch: string): Plan => ({
  ...DEFAULT_PLAN,
  ...ownChoices(arch),
  ...ownTraining(arch),
});

/** What a recipe's design is made with: what it names, and the design's own for the rest. */
export function choicesIn({ id, group, head, size }: Recipe['arch']): Chosen {
  const own = ownChoices(id);
  return { arch: id, group: group ?? own.group, head: head ?? own.head, size: size ?? own.size };
}

/** The recipe of a plan: train, then check the rotations on the validation tiles. Throws `BadInput` for impossible sizes. */
export function recipeOf(plan: Plan): Recipe {
  const { arch, bands, seed, splitSeed } = plan;
  networkOf(plan);
  return checkRecipe({
    version: 2,
    name: arch,
    arch: designIn(plan),
    ...(bands !== 'all' && { bands: wishOf(bands) }),
    seed,
    split: { seed: splitSeed, ...DEFAULT_FRACTIONS },
    stages: [
      { kind: 'train', settings: trainingIn(plan, plan) },
      { kind: 'check', part: 'val' },
    ],
  });
}

/** What a form's text wishes of the bands. */
export const wishOf = (bands: string): BandWish =>
  bands === 'all' || bands === 'rgb' ? bands : bands.split(',').map(Number);

/** The plan that stands for a recipe: the inverse of `recipeOf`. */
export function planOf(recipe: Recipe, data: string): Plan {
  const stage = recipe.stages.find(({ kind }) => kind === 'train' || kind === 'continue');
  const settings = stage?.kind === 'train' || stage?.kind === 'continue' ? stage.settings : null;
  return {
    data,
    ...choicesIn(recipe.arch),
    bands: recipe.bands === undefined ? DEFAULT_PLAN.bands : String(recipe.bands),
    seed: recipe.seed,
    splitSeed: recipe.split.seed,
    ...(settings ? trainingOf(settings) : ownTraining(recipe.arch.id)),
  };
}

/** What a form says of a training with such settings. */
export const trainingOf = ({
  epochs,
  batch,
  learningRate,
  augment,
  balance,
  patience,
}: TrainSettings): Training => ({
  ...{ epochs, batch, rate: learningRate, patience },
  augment: augmentIn(augment),
  balance: balance ?? 'none',
});

/** The data set a plan is for, as far as the form needs to know it. */
export type PlanData = Pick<
  DatasetRow,
  'id' | 'title' | 'synthetic' | 'classes' | 'counts' | 'official' | 'size' | 'count' | 'channels' | 'bands'
>;

/** The network of a plan on a set. Throws `BadInput` for an architecture that cannot be, or bands that are not there. */
export function archOf(plan: Plan, data: PlanData | undefined): AnyArch {
  const classes = data?.classes.length ?? 10;
  const { channels } = channelsOf(plan.bands, data);
  const spec = networkOf(plan, { classes, channels });
  paramShapes(spec);
  return spec;
}

/** What a network reads of a set where a form's text chooses the bands. Throws `BadInput` for bands that are not there. */
const channelsOf = (bands: string, data: PlanData | undefined) =>
  chosenChannels({ title: '', channels: 3, ...data }, bands === 'all' ? undefined : wishOf(bands));

/** Why this plan cannot be trained, in words; null when it can. */
export const problemOf = (plan: Plan, data: PlanData | undefined): string | null =>
  recipeProblem(
    withBands(plan, data, () => recipeOf(plan)),
    plan.data,
    data,
  );

/** The recipe once the bands are known to be there: the set says what it has better than a recipe's limits do. */
export const withBands =
  ({ bands }: Pick<Plan, 'bands'>, data: PlanData | undefined, recipe: () => Recipe): (() => Recipe) =>
  () => {
    channelsOf(bands, data);
    return recipe();
  };

/** Why a recipe cannot be run on the data set `ref`, in words; null when it can. given: the networks that it begins with. */
export function recipeProblem(
  recipe: () => Recipe,
  ref: string,
  data: PlanData | undefined,
  given: readonly Given[] = [],
): string | null {
  if (!data)
    return `The data set "${ref}" is not kept in this browser. Choose another, or add it under Data.`;
  try {
    // The lab's own checks.
    prepare(recipe(), withoutPictures(data), given);
    return null;
  } catch (error) {
    if (error instanceof BadInput) return error.message;
    throw error;
  }
}

/** The network of a plan, and what decides how long its training takes; null where it cannot be trained. */
export function trainingToBe(
  plan: Plan,
  data: PlanData | undefined,
): { readonly arch: AnyArch; readonly plan: TrainingPlan } | null {
  if (!data || problemOf(plan, data) !== null) return null;
  const prepared = prepare(recipeOf(plan), withoutPictures(data));
  return { arch: prepared.arch, plan: trainingPlanOf(prepared)! };
}

/** A data set with its labels alone. */
function withoutPictures(data: PlanData): Dataset {
  const labels = Uint8Array.from(data.counts.flatMap((count, label) => Array<number>(count).fill(label)));
  const { id: name, channels = 3 } = data;
  return { ...data, name, channels, labels, keys: [], pixels: new Uint8Array(), count: 0 };
}
