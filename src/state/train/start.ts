/** A network that a training starts from instead of a fresh one, and the recipe of that. */
import { create } from 'zustand';
import { DEFAULT_FRACTIONS } from '../../lab/data/split/splits';
import { firstName } from '../../lab/recipe/networkNames';
import type { Given } from '../../lab/recipe/prepare';
import { checkRecipe, type Recipe } from '../../lab/recipe/schema';
import { trainingIn } from './designs';
import type { Plan } from './plan';

/** A network that is open, on what it was trained, and its file where it is not kept as one. */
interface Begin {
  readonly name: string;
  readonly given: Given;
  readonly file: Uint8Array | null;
  readonly data: string | null;
  readonly split: Recipe['split'] | null;
}

interface StartForm {
  /** As a link names it; null: a fresh network. */
  readonly network: string | null;
  /** null until it is open. */
  readonly begin: Begin | null;
  /** Why it could not be opened, in words. */
  readonly refusal: string | null;
  /** Epochs in which its last layer alone learns. */
  readonly frozen: number;
}

export const FRESH: StartForm = { network: null, begin: null, refusal: null, frozen: 0 };

export const useStart = create<StartForm>()(() => FRESH);

/** What a network that has learnt already is trained with at most. */
export const FURTHER_RATE = 0.001;

/** Trains the network on the form's tiles; on those it has learnt from by its own split, so that its test tiles stay unseen. */
export function recipeOfStart(plan: Plan, begin: Begin, frozen: number): Recipe {
  const { arch } = begin.given.model;
  const settings = trainingIn(plan, { ...plan, arch: arch.id, size: arch.input.size });
  const isOwn = begin.data === plan.data && begin.split !== null;
  return checkRecipe({
    version: 2,
    name: `${firstName(begin.name)} further`.slice(0, 100),
    arch: { id: arch.id, size: arch.input.size },
    seed: plan.seed,
    split: isOwn ? begin.split : { seed: plan.splitSeed, ...DEFAULT_FRACTIONS },
    start: [{ name: 'network', title: begin.name, fingerprint: begin.given.fingerprint }],
    stages: [
      { kind: 'continue', settings: { ...settings, ...(frozen > 0 && { frozen }) } },
      { kind: 'check', part: 'val' },
    ],
  });
}
