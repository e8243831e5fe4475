/**
 * One way to prune inside the trunk, and what it leaves, as plain values: the page shows what would go without the
 * engine, from rankings that the engine made once.
 */
import { z } from 'zod';
import type { ArchSpec } from '../../families/gcnn/arch';
import { CRITERION_IDS, type CriterionId, criterion } from '../criteria';
import { FIELD_COMPENSATIONS, requireBlocks } from '../fields/choice';
import { archOf, BUDGETS, keptByCost, keptByRatio } from '../fields/rank';
import { keptOrbits, ORBIT_METHODS, type OrbitMethod, withOrbits } from '../orbits/choice';
import { leastUnits, removedUnits } from '../units/units';

const ratio = z.number().min(0).lt(1);
const block = z.int().min(1);
const method = z.enum(CRITERION_IDS);
const seed = z.int().min(0).max(0xffffffff);

export const trunkChoiceSchema = z.discriminatedUnion('units', [
  z.object({
    units: z.literal('fields'),
    method,
    compensation: z.enum(FIELD_COMPENSATIONS),
    target: z.union([
      z.object({ ratio }),
      z.object({ budget: z.object({ of: z.enum(BUDGETS), share: z.number().positive().max(1) }) }),
    ]),
    /** From 1; absent: all. */
    blocks: z.array(block).min(1).optional(),
    seed,
  }),
  z.object({
    units: z.literal('orbits'),
    block,
    target: z.union([z.object({ ratio, method: z.enum(ORBIT_METHODS), seed }), z.literal('ring')]),
  }),
  /** The counter-example: single orientation channels, silenced. */
  z.object({ units: z.literal('channels'), method, ratio, block, seed }),
]);
export type TrunkChoice = z.infer<typeof trunkChoiceSchema>;
export const TRUNK_UNITS = ['fields', 'orbits', 'channels'] as const;

/** How a network that was pruned inside its trunk is fine-tuned. */
export const tuningSchema = z.object({
  scope: z.enum(['head', 'network']),
  /** Steps of pruning, with fine-tuning after each. */
  steps: z.int().min(1).max(20),
  /** The unpruned network teaches. */
  distil: z.boolean(),
});
export type Tuning = z.infer<typeof tuningSchema>;

/** By block, one value per unit. */
type ByBlock = readonly Float64Array[];

type ByCriterion = Readonly<Partial<Record<CriterionId, ByBlock>>>;

/** What is looked at for a ranking: the weights, or answers to the training tiles, which takes a pass of each kind. */
export const RANKING_GRAINS = ['weights', 'fields', 'channels'] as const;
export type RankingGrain = (typeof RANKING_GRAINS)[number];

/** What has to be looked at before a choice can be ranked. */
export function grainOf(choice: TrunkChoice): RankingGrain {
  if (choice.units === 'channels') return 'channels';
  return choice.units === 'fields' && criterion(choice.method).from === 'answers' ? 'fields' : 'weights';
}

/** Whether a ranking tells what a choice removes. */
export function isRanked({ fields, channels }: TrunkRanking, choice: TrunkChoice): boolean {
  if (choice.units === 'orbits') return true;
  return (choice.units === 'channels' ? channels : fields)[choice.method] !== undefined;
}

/** How salient a network's units are, by every criterion that was asked for. */
export interface TrunkRanking {
  readonly arch: ArchSpec;
  readonly fields: ByCriterion;
  /** Of the orbits of each block's kernel, on the grid. */
  readonly orbits: Readonly<Record<OrbitMethod, ByBlock>>;
  /** Of single channels, f·|G| + g. */
  readonly channels: ByCriterion;
}

/** What a choice takes from each block, and the architecture that is left. */
export interface TrunkPlan {
  /** After channels it is the whole one: nothing smaller of the same group exists. */
  readonly arch: ArchSpec;
  readonly fields: readonly Uint32Array[];
  readonly channels: readonly Uint32Array[];
  /** Indices into `orbitsOf` the block on the grid. */
  readonly orbits: readonly Uint32Array[];
}

/**
 * What a choice takes. Time is measured when a network is really pruned; here multiply-adds stand in for it.
 * Throws `BadInput` for a choice that cannot be met, `RangeError` for one that was not ranked.
 */
export function planTrunk(ranking: TrunkRanking, choice: TrunkChoice): TrunkPlan {
  const { arch } = ranking;
  const none = arch.blocks.map(() => new Uint32Array());
  const only = (gone: Uint32Array, at: number) => none.map((each, i) => (i + 1 === at ? gone : each));
  if (choice.units === 'fields') {
    const { target, blocks = arch.blocks.map((_, i) => i + 1) } = choice;
    requireBlocks({ arch }, blocks);
    const saliencies = requireRanking(ranking.fields, choice.method);
    const kept =
      'ratio' in target
        ? keptByRatio(saliencies, target.ratio, blocks)
        : keptByCost(arch, saliencies, { ...target.budget, of: countedOf(target.budget) }, blocks);
    const fields = kept.map((each, i) => removedUnits(each, arch.blocks[i].fields));
    return { arch: archOf(arch, kept), fields, channels: none, orbits: none };
  }
  requireBlocks({ arch }, [choice.block]);
  if (choice.units === 'orbits') {
    const grid: ArchSpec = { ...arch, filters: 'grid' };
    const saliencies = (by: OrbitMethod) => ranking.orbits[by][choice.block - 1];
    const kept = keptOrbits(grid, choice, ({ method }) => saliencies(method));
    const gone = removedUnits(kept, saliencies('l2').length);
    return {
      arch: withOrbits(grid, choice.block, kept),
      fields: none,
      channels: none,
      orbits: only(gone, choice.block),
    };
  }
  const gone = leastUnits(requireRanking(ranking.channels, choice.method)[choice.block - 1], choice.ratio);
  return { arch, fields: none, channels: only(gone, choice.block), orbits: none };
}

const countedOf = ({ of }: { of: (typeof BUDGETS)[number] }) => (of === 'params' ? of : 'macs');

function requireRanking(by: ByCriterion, method: CriterionId): ByBlock {
  const found = by[method];
  if (!found) throw new RangeError(`Nothing is ranked by ${method} yet.`);
  return found;
}
