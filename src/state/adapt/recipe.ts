/** The recipe that the Adapt view's form stands for, the form that stands for a recipe, and why neither can be run. */
import type { PenaltyId } from '../../lab/adapt/penalties/names';
import { type AdaptSettings, adaptSettingsSchema, type LambdaSweep } from '../../lab/adapt/settings';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { BadInput } from '../../lab/errors';
import type { AnyModel } from '../../lab/nn/model';
import { plain } from '../../lab/plain';
import { firstName } from '../../lab/recipe/networkNames';
import { checkRecipe, type Recipe, type StageOf } from '../../lab/recipe/schema';
import { type Order, stageOf, twinDesign, type Way, waysOf } from '../../lab/recipe/ways';
import { keptNet } from '../rotate/netRefs';
import { type PlanData, recipeProblem } from '../train/plan';
import {
  type AdaptingPlan,
  adaptingSchema,
  type Begin,
  changeAdapting,
  DEFAULT_ADAPTING,
  SEED_COUNTS,
  SHARES,
} from './plan';

/** What the recipe calls the network that it begins with. */
const START = 'network';

/** The recipe of a form for the network that it names. Throws `BadInput` for what cannot be. */
export function recipeOfAdapting(plan: AdaptingPlan, { name, given, split, data }: Begin): Recipe {
  requirePlain(given.model, name);
  const {
    limit: _,
    share: __,
    ...own
  } = (plan.data === data ? split : null) ?? {
    seed: 1,
    ...DEFAULT_FRACTIONS,
  };
  return checkRecipe({
    version: 2,
    name: `${firstName(name)} adapted`.slice(0, 100),
    arch: twinDesign(given.model.arch, plan.group),
    seed: plan.seed,
    split: { ...own, ...(plan.share !== '1' && { share: Number(plan.share) }) },
    start: [{ name: START, title: name, fingerprint: given.fingerprint }],
    stages: waysOf(orderOf(plan), START),
  });
}

function orderOf(plan: AdaptingPlan): Order {
  const { group, penalty, epochs, batch, rate, seed } = plan;
  const further = Array.from({ length: Number(plan.seeds) - 1 }, (_, i) => seed + 1 + i);
  return {
    ...{ group, penalty, further },
    settings: adaptSettingsSchema.parse({ epochs, batch, learningRate: rate }),
    ways: ['adapted', ...TICKED.filter(([tick]) => plan[tick] === 'yes').map(([, way]) => way)],
    lambda: plan.choose === 'one' ? plan.lambda : sweepOf(plan),
  };
}

type TickName = 'project' | 'finetuned' | 'augmented' | 'constructed';

/** What each tick of the form has run. */
const TICKED: readonly (readonly [TickName, Way])[] = [
  ['project', 'projected'],
  ['finetuned', 'fine-tuned'],
  ['augmented', 'augmented'],
  ['constructed', 'by construction'],
];

function sweepOf({ values, folds, by }: AdaptingPlan): LambdaSweep {
  const list = values.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (new Set(list).size < 2 || list.length > 20 || list.some((value) => !(value >= 0 && value <= 1e6)))
    throw new BadInput(
      `λ by folds needs two to twenty different numbers such as 0, 0.1, 1, not “${plain(values)}”.`,
    );
  return { values: [...new Set(list)], folds, by };
}

/** Throws `BadInput` for a network that is equivariant already, or that can learn no more. */
function requirePlain({ arch, int8 }: AnyModel, name: string): void {
  if (int8)
    throw new BadInput(
      `“${name}” is rounded to 8-bit integers and learns no more: choose the network that it was rounded from.`,
    );
  if (arch.group !== 'C1')
    throw new BadInput(
      `“${name}” is equivariant under ${arch.group} by its design, and here a plain network is drawn towards equivariance: choose one of no group.`,
    );
}

/** Why a form cannot be run on a data set, in words; null where it can. */
export function adaptingProblem(plan: AdaptingPlan, begin: Begin, data: PlanData | undefined): string | null {
  const problemOf = (plan: AdaptingPlan) =>
    recipeProblem(() => recipeOfAdapting(plan, begin), plan.data, data, [begin.given]);
  const problem = problemOf(plan);
  if (problem === null || plan.project === 'no' || problemOf({ ...plan, project: 'no' }) !== null)
    return problem;
  return `${problem} Without “Project it” it can be adapted.`;
}

/** The form that stands for a recipe: the inverse of `recipeOfAdapting`; null for one that says more than the form. */
export function adaptingOf(recipe: Recipe, data: string): AdaptingPlan | null {
  const named = (way: Way, seed?: number) => recipe.stages.find(({ name }) => name === stageOf(way, seed));
  const adapted = named('adapted') as StageOf<'adapt'> | undefined;
  const network = recipe.start?.[0];
  if (adapted?.kind !== 'adapt' || !network) return null;
  const { lambda, group, penalty, settings } = adapted;
  const { seed, split } = recipe;
  const seeds = SEED_COUNTS.findLast((count) => count === '1' || named('adapted', seed + Number(count) - 1));
  const { success, data: plan } = adaptingSchema.safeParse({
    ...DEFAULT_ADAPTING,
    ...{ data, network: keptNet(network.fingerprint), group, penalty, seed, seeds },
    ...lambdaFields(lambda),
    ...settingsFields(settings),
    share: SHARES.find((share) => Number(share) === (split.share ?? 1)),
    ...Object.fromEntries(TICKED.map(([tick, way]) => [tick, named(way) ? 'yes' : 'no'])),
  });
  return success ? plan : null;
}

/** A kept run's recipe back into the form. */
export function repeatAdapting(recipe: Recipe, data: string): void {
  const plan = adaptingOf(recipe, data);
  if (plan) changeAdapting(plan);
}

const lambdaFields = (lambda: number | LambdaSweep): Partial<AdaptingPlan> =>
  typeof lambda === 'number'
    ? { choose: 'one', lambda }
    : { choose: 'folds', values: lambda.values.join(', '), folds: lambda.folds, by: lambda.by };

const settingsFields = ({ epochs, batch, learningRate: rate }: AdaptSettings) => ({ epochs, batch, rate });

/** What a run's recipe adapts towards; null where it adapts nothing. */
export function aimOf({ stages }: Pick<Recipe, 'stages'>): {
  readonly group: Order['group'];
  readonly penalty: PenaltyId;
  readonly lambda: number | LambdaSweep;
} | null {
  return stages.find((stage): stage is StageOf<'adapt'> => stage.name === stageOf('adapted')) ?? null;
}

/** The seeds of a run: the recipe's, and the further ones that it has stages of, as `stageOf` takes them. */
export function seedsOf({ seed, stages }: Pick<Recipe, 'seed' | 'stages'>): readonly (number | undefined)[] {
  const further = SEED_COUNTS.slice(1).map((_, i) => seed + 1 + i);
  return [
    undefined,
    ...further.filter((each) => stages.some(({ name }) => name === stageOf('adapted', each))),
  ];
}

/** The stages that project what a run has adapted, for each of its seeds; null where it does so already. */
export function projectingStages(recipe: Recipe): object[] | null {
  const aim = aimOf(recipe);
  if (!aim || recipe.stages.some(({ name }) => name === stageOf('projected'))) return null;
  const { group, penalty, lambda } = aim;
  const order: Order = {
    ...{ group, penalty, lambda, ways: ['projected'] },
    settings: adaptSettingsSchema.parse({}),
    further: seedsOf(recipe).filter((seed) => seed !== undefined),
  };
  return waysOf(order, START);
}
