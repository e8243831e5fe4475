/** What the Train view's form says: one training run to be, and the recipe it stands for. */
import { z } from 'zod';
import { create } from 'zustand';
import { GROUP_NAMES, HEAD_KINDS } from '../lab/nn/arch';
import { ARCH_IDS, namedArch } from '../lab/nn/zoo';
import { parseRecipe, type Recipe } from '../lab/recipe/schema';
import { SYNTHETIC } from '../library/datasets';

export const planSchema = z.object({
  /** `synthetic`, or the id of a data set kept in this browser. */
  data: z.string().min(1),
  arch: z.enum(ARCH_IDS as [string, ...string[]]),
  group: z.enum(GROUP_NAMES),
  head: z.enum(HEAD_KINDS),
  /** Side of the network's input, in pixels. */
  size: z.coerce.number().int().min(4).max(512),
  seed: z.coerce.number().int().min(0).max(0xffffffff),
  splitSeed: z.coerce.number().int().min(0).max(0xffffffff),
  epochs: z.coerce.number().int().min(1).max(1000),
  batch: z.coerce.number().int().min(1).max(1024),
  rate: z.coerce.number().positive().max(1),
});
export type Plan = z.infer<typeof planSchema>;

/** The default network trains in a minute or two on one WASM thread. */
export const DEFAULT_PLAN: Plan = {
  data: SYNTHETIC,
  ...ownChoices('c4-twin-small'),
  seed: 1,
  splitSeed: 1,
  epochs: 10,
  batch: 32,
  rate: 0.003,
};

export const usePlan = create<{ readonly plan: Plan }>()(() => ({ plan: DEFAULT_PLAN }));

/** Changes the form; a newly chosen architecture brings its own group, head and size. */
export function changePlan(changes: Partial<Plan>): void {
  const own = changes.arch === undefined ? {} : ownChoices(changes.arch);
  usePlan.setState(({ plan }) => ({ plan: { ...plan, ...own, ...changes } }));
}

function ownChoices(id: string): Pick<Plan, 'arch' | 'group' | 'head' | 'size'> {
  const { group, head, input } = namedArch(id);
  return { arch: id, group, head: head.kind, size: input.size };
}

/** The plan of a run's recipe, the inverse of `recipeOf`: a form filled with its settings. */
export function planOf({ arch, seed, split, stages }: Recipe, data: string): Plan {
  const { group, head, input } = namedArch(arch.id, arch);
  const train = stages.find((stage) => stage.kind === 'train');
  const {
    epochs,
    batch,
    learningRate: rate,
  } = train?.settings ?? {
    ...DEFAULT_PLAN,
    learningRate: DEFAULT_PLAN.rate,
  };
  const { id } = arch;
  return {
    data,
    arch: id,
    group,
    head: head.kind,
    size: input.size,
    seed,
    splitSeed: split.seed,
    epochs,
    batch,
    rate,
  };
}

/** The recipe of a plan: train, then check the rotations on the validation tiles. Throws `BadInput` for impossible sizes. */
export function recipeOf({ arch, group, head, size, seed, splitSeed, epochs, batch, rate }: Plan): Recipe {
  namedArch(arch, { group, head, size });
  return parseRecipe({
    version: 1,
    name: arch,
    arch: { id: arch, group, head, size },
    seed,
    split: { seed: splitSeed, train: 0.6, val: 0.2, test: 0.2 },
    stages: [
      { kind: 'train', settings: { epochs, batch, learningRate: rate, decay: 'linear' } },
      { kind: 'rotate', split: 'val' },
    ],
  });
}
