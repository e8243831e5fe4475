/** What the Adapt view's form says: which network learns which tiles, how it is drawn towards equivariance, and what runs beside it. */
import { z } from 'zod';
import { create } from 'zustand';
import { PENALTY_IDS } from '../../lab/adapt/penalties/names';
import { ADAPT_GROUPS, lambdaSweepSchema } from '../../lab/adapt/settings';
import type { Given } from '../../lab/recipe/prepare';
import type { Recipe } from '../../lab/recipe/schema';
import { SYNTHETIC } from '../../storage/rows';

export const SHARES = ['1', '0.1', '0.05', '0.01'] as const;
/** How many seeds everything is run with. */
export const SEED_COUNTS = ['1', '2', '3'] as const;

const tick = z.enum(['no', 'yes']);
export type Tick = z.infer<typeof tick>;

export const adaptingSchema = z.object({
  /** As a link names it (rotate/netRefs.ts): one beside the page, one that a run left, one kept as a file. */
  network: z.string().min(1).max(300),
  /** `synthetic`, or the id of a data set kept in this browser. */
  data: z.string().min(1),
  group: z.enum(ADAPT_GROUPS),
  penalty: z.enum(PENALTY_IDS),
  /** Whether λ is chosen by folds, or is one value. */
  choose: z.enum(['folds', 'one']),
  lambda: z.coerce.number().min(0).max(1e6),
  /** What folds try: numbers with commas. */
  values: z.string().max(200),
  folds: z.coerce.number().int().min(2).max(10),
  by: lambdaSweepSchema.shape.by.unwrap(),
  /** Of the training tiles. */
  share: z.enum(SHARES),
  epochs: z.coerce.number().int().min(1).max(1000),
  batch: z.coerce.number().int().min(1).max(1024),
  rate: z.coerce.number().positive().max(1),
  seed: z.coerce.number().int().min(0).max(0xffff_fff0),
  seeds: z.enum(SEED_COUNTS),
  project: tick,
  /** What runs beside it in as many steps: the labels alone, on turned tiles, equivariant from scratch. */
  finetuned: tick,
  augmented: tick,
  constructed: tick,
});
export type AdaptingPlan = z.infer<typeof adaptingSchema>;

/** Done in about two minutes on two WASM threads; with fewer steps the weights do not get to where projecting them keeps what was learnt. */
export const DEFAULT_ADAPTING: AdaptingPlan = {
  network: 'synthetic-base-small',
  data: SYNTHETIC,
  group: 'C4',
  penalty: 'weights',
  choose: 'folds',
  lambda: 0.1,
  values: '0.1, 1, 10',
  folds: 3,
  by: 'upright',
  share: '1',
  epochs: 10,
  batch: 32,
  rate: 0.003,
  seed: 1,
  seeds: '1',
  project: 'yes',
  finetuned: 'yes',
  augmented: 'no',
  constructed: 'no',
};

/** The network that the form names, as far as it has been opened. */
export interface Begin {
  readonly name: string;
  readonly given: Given;
  /** What it was trained on, where that is at hand, and the split that kept its test tiles unseen. */
  readonly data: string | null;
  readonly split: Recipe['split'] | null;
  /** To be kept before a run begins with it; null where it is kept already. */
  readonly file: Uint8Array | null;
}

interface AdaptingForm {
  readonly plan: AdaptingPlan;
  /** null while it is being opened, and where it could not be. */
  readonly begin: Begin | null;
  /** Why it could not be. */
  readonly refusal: string | null;
}

export const useAdapting = create<AdaptingForm>()(() => ({
  plan: DEFAULT_ADAPTING,
  begin: null,
  refusal: null,
}));

/** Changes the form. Another network has to be opened first (drivers/adapting.ts), and what was said of the last one is gone. */
export const changeAdapting = (changes: Partial<AdaptingPlan>): void =>
  useAdapting.setState(({ plan: before }) => {
    const plan = { ...before, ...changes };
    return { plan, ...(plan.network !== before.network && { begin: null, refusal: null }) };
  });
