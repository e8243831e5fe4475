/** What a job is: as much of it as whoever does it must be told. How a queue treats it is the same whatever it is. */
import { z } from 'zod';

/** A step of a recipe. */
const stepSchema = z.object({
  kind: z.literal('step'),
  /** Under which the recipe is kept. */
  recipe: z.string(),
  /** As it is called in there. */
  step: z.string(),
});

export const workSchema = z.discriminatedUnion('kind', [stepSchema]);
export type Work = z.infer<typeof workSchema>;
export type WorkOf<Kind extends Work['kind']> = Extract<Work, { kind: Kind }>;

/** The keys of the recipes that jobs are steps of. */
export const recipesOf = (jobs: readonly { readonly work: Work }[]): Set<string> =>
  new Set(jobs.flatMap(({ work }) => (work.kind === 'step' ? [work.recipe] : [])));
