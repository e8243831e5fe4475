/**
 * The recipe of one network: of all that a recipe does, only what this network is made from, in order, each step a stage
 * of its own. Run again it makes the same network, bit for bit on WebAssembly; it lies beside every file.
 */
import { canonical } from './identity';
import { describe } from './names';
import { type Planned, planRecipe, type Source } from './plan';
import { checkRecipe, type Recipe, type RecipeStage } from './schema';
import { isDrawn, type Step } from './step';
import { stepsOfStudy } from './studySteps';

/** What was decided by measuring while a recipe ran. */
export interface Chosen {
  /** Which network each rule came to choose, by the name of the step that takes it. */
  readonly networks: ReadonlyMap<string, string>;
  /** The fields that a budget of time came to keep, by the name of the step. */
  readonly kept: ReadonlyMap<string, readonly (readonly number[])[]>;
  /** The λ that folds came to, by the name of the step. */
  readonly lambdas: ReadonlyMap<string, number>;
}

const NOTHING: Chosen = { networks: new Map(), kept: new Map(), lambdas: new Map() };

/** A network that a step leaves and the steps that lead there, as stages to be. */
interface Link {
  readonly planned: Planned;
  readonly input: string | null;
  readonly towards: string | null;
}

/** The recipe of the network that the step `name` leaves. Throws `RangeError` for a step that the recipe does not have. */
export function chainOf(recipe: Recipe, name: string, chosen: Chosen = NOTHING): Recipe {
  const links = linksTo(recipe, name, chosen);
  const needed = new Set(links.flatMap(({ input, towards }) => [input, towards]));
  const start = recipe.start?.filter((each) => needed.has(each.name)) ?? [];
  const stages: RecipeStage[] = [];
  let atHand = start[0]?.name ?? null;
  for (const link of links) {
    stages.push(...stagesOf(link, recipe, atHand, chosen));
    atHand = link.planned.name;
  }
  const { start: _, ...rest } = recipe;
  return checkRecipe({ ...rest, ...(start.length > 0 && { start }), stages });
}

/** The names of a step and of all that it is made from, in the order of the recipe. */
export function stepsTo(recipe: Recipe, name: string, chosen: Chosen = NOTHING): string[] {
  return linksTo(recipe, name, chosen).map(({ planned }) => planned.name);
}

/** A step and all that it is made from, in the order of the recipe. */
function linksTo(recipe: Recipe, name: string, chosen: Chosen): Link[] {
  const planned = new Map(planRecipe(recipe).map((each) => [each.name, each]));
  if (!planned.has(name)) throw new RangeError(`The recipe has no step "${name}".`);
  const nameOf = (source: Source | null, by: string): string | null =>
    source === null ? null : source.kind === 'rule' ? chosen.networks.get(by)! : source.name;
  const links = new Map<string, Link>();
  const visit = (wanted: string | null): void => {
    const found = wanted === null ? undefined : planned.get(wanted);
    if (!found || links.has(found.name)) return;
    const input = nameOf(found.input, found.name);
    const towards = nameOf(found.towards, found.name);
    visit(input);
    visit(towards);
    links.set(found.name, { planned: found, input, towards });
  };
  visit(name);
  return [...planned.keys()].flatMap((each) => links.get(each) ?? []);
}

function stagesOf(
  { planned, input, towards }: Link,
  recipe: Recipe,
  atHand: string | null,
  chosen: Chosen,
): RecipeStage[] {
  const { name, seed, split } = planned;
  const step = decided(planned, chosen);
  const steps: Step[] = step.kind === 'study' ? stepsOfStudy(step) : [step];
  return steps.map((each, i) => {
    const isLast = i === steps.length - 1;
    const takes = i === 0 && input !== null && input !== atHand ? { from: input } : {};
    return {
      ...each,
      ...(isLast && name !== describe(each) && { name }),
      ...(!isLast && { name: `${describe(each)} for ${name}` }),
      ...takes,
      ...(each.kind === 'finetune' && towards !== null && { towards }),
      ...(isDrawn(each) && seed !== recipe.seed && { seed }),
      ...(canonical(split) !== canonical(recipe.split) && { split }),
    } as RecipeStage;
  });
}

/** A step with what was decided by measuring in the place of what was asked for: it would be measured otherwise again. */
function decided({ step, name }: Planned, { kept, lambdas }: Chosen): Step {
  if (step.kind === 'adapt') return { ...step, lambda: lambdas.get(name) ?? step.lambda };
  const fields = kept.get(name);
  if (step.kind !== 'prune-fields' || step.budget !== 'latency' || step.steps || !fields) return step;
  const { budget: _, layers: __, ...rest } = step;
  return { ...rest, kept: fields.map((each) => [...each]) };
}
