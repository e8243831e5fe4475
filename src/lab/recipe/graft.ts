/**
 * A recipe that begins with a network whose own file says how it was made, on the same tiles: the two put together, so
 * that everything is made again from nothing.
 */
import { chosenChannels } from '../data/bands';
import type { Dataset } from '../data/dataset';
import { anyNamedArch } from '../families/anyArch';
import type { AnyModel } from '../nn/model';
import { canonical, identitiesOf } from './identity';
import { planRecipe } from './plan';
import { type Provenance, provenanceIn } from './provenance';
import { checkRecipe, type Recipe, type RecipeStage } from './schema';
import { isDrawn } from './step';

/** What a recipe is made again on: the tiles, and their fingerprint. */
export interface GraftGround {
  readonly source: Pick<Dataset, 'classes' | 'channels' | 'bands' | 'title'>;
  readonly data: string;
}

/** The design that a recipe trains, sizes and classes filled in. */
export function freshArch(
  { arch: { id, ...choices }, bands: wish }: Recipe,
  { source }: Pick<GraftGround, 'source'>,
) {
  const { channels, bands } = chosenChannels(source, wish);
  const input = { channels, ...(bands && { bands }) };
  return anyNamedArch(id, { ...choices, classes: source.classes.length, ...input });
}

/**
 * The recipe with the steps that made its networks in front. The recipe as it is where those are not all known, or are
 * not steps towards the first of them.
 */
export function graft(recipe: Recipe, start: ReadonlyMap<string, AnyModel>, ground: GraftGround): Recipe {
  const origins = (recipe.start ?? []).map(({ name }) => provenanceIn(start.get(name)!));
  const [root] = origins;
  if (!root || root.recipe.start || root.data.fingerprint !== ground.data) return recipe;
  const { recipe: whole } = root;
  const planned = planRecipe(whole);
  const ids = identitiesOf(planned, {
    data: ground.data,
    arch: freshArch(whole, ground),
    seed: whole.seed,
  });
  const places = new Map((recipe.start ?? []).map(({ name }, i) => [name, placeOf(origins[i], ids)]));
  if (
    [...places.values()].includes(undefined) ||
    places.get(recipe.start![0].name) !== planned.at(-1)!.name
  ) {
    return recipe;
  }
  const own = planRecipe(recipe);
  const names = namesAfter(
    new Set(planned.map(({ name }) => name)),
    own.map(({ name }) => name),
  );
  const nameOf = (given: string) => places.get(given) ?? names.get(given) ?? given;
  const added = recipe.stages.map((stage, i): RecipeStage => {
    const { name } = own.find(({ at }) => at === i)!;
    const { from, towards, seed = recipe.seed, split = recipe.split, ...rest } = stage as Loose;
    return {
      ...rest,
      name: names.get(name)!,
      ...(typeof from === 'string' && { from: nameOf(from) }),
      ...(towards !== undefined && { towards: nameOf(towards) }),
      ...(isDrawn(stage) && seed !== whole.seed && { seed }),
      ...(canonical(split) !== canonical(whole.split) && { split }),
    } as RecipeStage;
  });
  return checkRecipe({ ...whole, name: recipe.name, stages: [...whole.stages, ...added] });
}

/** A stage as far as it matters here. */
type Loose = { readonly kind: RecipeStage['kind'] } & Pick<Recipe, 'split'> & {
    readonly from?: unknown;
    readonly towards?: string;
    readonly seed?: number;
  };

/** The step of the first network's recipe that left a network, by its identity. */
function placeOf(origin: Provenance | null, ids: ReadonlyMap<string, string>): string | undefined {
  return [...ids].find(([, id]) => id === origin?.id)?.[0];
}

/** Names that differ from those taken: as they are, or with a number. */
function namesAfter(taken: Set<string>, names: readonly string[]): Map<string, string> {
  return new Map(
    names.map((name) => {
      let free = name;
      for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
      taken.add(free);
      return [name, free];
    }),
  );
}
