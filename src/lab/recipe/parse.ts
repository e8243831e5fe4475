/** Reading recipes: those of this version as they are, older ones converted. */
import { BadInput } from '../errors';
import { checkRecipe, misfit, type Recipe } from './schema';
import { type Converted, convert, isVersion1 } from './version1';

/** A recipe, and what became of an older one. */
export interface ReadRecipe {
  readonly recipe: Recipe;
  /** What each record of the older recipe was called, and what it is called now; null where nothing was converted. */
  readonly converted: Converted['names'] | null;
}

/** What a person is told who opens an older recipe. */
export const CONVERTED =
  'It is a recipe of version 1 and was converted: it makes the same networks; its “prune” stages are called “sweep” now, ' +
  'and “rotate” is “check”. Save it again to have it in version 2.';

/** Reads a value (parsed JSON) as a recipe and fills in defaults. Throws `BadInput` naming the first misfit. */
export function readRecipe(value: unknown): ReadRecipe {
  if (!isVersion1(value)) {
    requireKnownVersion(value);
    return { recipe: checkRecipe(value), converted: null };
  }
  const converted = convert(value);
  if ('recipe' in converted) return { recipe: converted.recipe, converted: converted.names };
  throw new BadInput(`This is not a recipe the lab understands: ${misfit(converted)}`);
}

/** The recipe of `readRecipe`. */
export const parseRecipe = (value: unknown): Recipe => readRecipe(value).recipe;

/** Throws `BadInput` for a recipe of a later version, whose other misfits would say nothing. */
function requireKnownVersion(value: unknown): void {
  const { version } = (value ?? {}) as { readonly version?: unknown };
  if (typeof version !== 'number' || version <= 2) return;
  throw new BadInput(
    `This is not a recipe the lab understands: "version" does not fit (${version} is later than this lab's 2; use a newer lab).`,
  );
}
