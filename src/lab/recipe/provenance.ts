/**
 * Where a network comes from, as its file tells it: the data, every step with its figures, the engine, and the recipe
 * that makes it again. README, cards and recipe.json are written from this.
 */
import { z } from 'zod';
import type { AnyModel } from '../nn/model';
import { plain } from '../plain';
import { recipeSchema } from './schema';

/** What comes from a stranger's file is shown. */
const shown = z.string().overwrite((text) => plain(text));

const dataSchema = z.object({
  name: shown,
  title: shown,
  /** Painted by code. */
  synthetic: z.boolean(),
  /** Tiles, and how many of them are in each part of the recipe's split. */
  count: z.number(),
  parts: z.object({ train: z.number(), val: z.number(), test: z.number() }),
  /** `datasetHash`. */
  fingerprint: z.string(),
  /** Along a pixel of the tiles, where their files say so. */
  metres: z.number().positive().optional(),
});

/** A step that led here, or a check of what it left: what was measured, without long lists. */
const madeSchema = z.looseObject({ name: shown, id: z.string(), kind: shown });
export type MadeStep = z.infer<typeof madeSchema>;

const provenanceSchema = z.looseObject({
  version: z.literal(2),
  /** The network's identity: that of the last step of its recipe. */
  id: z.string(),
  /** Makes exactly this network, from nothing or from the networks that it says it begins with. */
  recipe: recipeSchema,
  data: dataSchema,
  steps: z.array(madeSchema),
  engine: shown,
  lab: shown,
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** What a file says of its origin; null where it says nothing that this version of the lab understands. */
export function provenanceIn({ provenance }: Pick<AnyModel, 'provenance'>): Provenance | null {
  return provenanceSchema.safeParse(provenance).data ?? null;
}
