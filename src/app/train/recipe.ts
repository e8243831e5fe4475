/** The recipe of a form, the same object as long as it says the same; null where the form says none that can be. */
import { useMemo } from 'react';
import { BadInput } from '../../lab/errors';
import type { Recipe } from '../../lab/recipe/schema';

export function useRecipe(recipe: () => Recipe): Recipe | null {
  const text = textOf(recipe);
  return useMemo(() => (text === null ? null : (JSON.parse(text) as Recipe)), [text]);
}

function textOf(recipe: () => Recipe): string | null {
  try {
    return JSON.stringify(recipe());
  } catch (error) {
    if (error instanceof BadInput) return null;
    throw error;
  }
}
