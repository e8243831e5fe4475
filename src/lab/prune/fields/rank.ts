/**
 * Which fields stay: block by block with one ratio, or across blocks under a budget. Saliencies of different blocks have
 * different scales, so across blocks each is divided by the L2 norm of its block's (Molchanov et al. 2017, §2.2).
 * The last field of a block always stays.
 */
import { BadInput } from '../../errors';
import { totalCost } from '../../evaluate/cost';
import type { ArchSpec } from '../../families/gcnn/arch';
import { bySaliency, keptCount, keptUnits } from '../units/units';
import type { KeptFields } from './extract';

export const BUDGETS = ['params', 'macs', 'latency'] as const;

/** A share of the unpruned network's parameters, multiply-adds or seconds, 0 < share ≤ 1. */
export interface Budget {
  readonly of: (typeof BUDGETS)[number];
  readonly share: number;
  /** The unpruned network, where the one at hand has been pruned before. */
  readonly from?: ArchSpec;
}

/**
 * The fields with the highest saliency of each chosen block (from 1); the other blocks stay whole. `of`: how many fields
 * the ratio is a share of, by block, where some are gone already.
 */
export function keptByRatio(
  saliencies: readonly Float64Array[],
  ratio: number,
  blocks: readonly number[],
  of: readonly number[] = saliencies.map(({ length }) => length),
): KeptFields {
  return saliencies.map((saliency, i) => {
    const count = blocks.includes(i + 1) ? keptCount(of[i], ratio) : saliency.length;
    return keptUnits(bySaliency(saliency), Math.min(count, saliency.length));
  });
}

/** The fields in the order in which a budget lets them go, and what stays after so many. */
export interface Removals {
  /** How many can go. */
  readonly most: number;
  after(count: number): KeptFields;
}

/** The lowest normalised saliency in the chosen blocks (from 1) goes first. Throws `BadInput` for a share outside 0 … 1. */
export function orderRemovals(
  { share }: Budget,
  saliencies: readonly Float64Array[],
  blocks: readonly number[],
): Removals {
  if (!(share > 0 && share <= 1)) {
    throw new BadInput(
      `A budget is a share of the unpruned network, above 0 and at most 1, not ${share}: 0.5 keeps half.`,
    );
  }
  const order = removalOrder(saliencies, blocks);
  return { most: order.length, after: (count) => withoutFields(saliencies, order.slice(0, count)) };
}

/**
 * The fewest removals that meet a budget of what is counted. Throws `BadInput` for a share outside 0 … 1 and for a budget
 * that is not met with one field left in each chosen block.
 */
export function keptByCost(
  arch: ArchSpec,
  saliencies: readonly Float64Array[],
  budget: Budget & { readonly of: 'params' | 'macs' },
  blocks: readonly number[],
): KeptFields {
  const { of, share, from = arch } = budget;
  const { most, after } = orderRemovals(budget, saliencies, blocks);
  const whole = totalCost(from)[of];
  const costOf = (count: number) => totalCost(archOf(arch, after(count)))[of];
  const least = costOf(most);
  if (least > share * whole) throw budgetError(of, least / whole);
  // Costs fall with every removal, so the fewest that meet the budget are found by halving.
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (costOf(middle) <= share * whole) high = middle;
    else low = middle + 1;
  }
  return after(low);
}

/** What is said where one field in each layer is still too much. */
export function budgetError(of: Budget['of'], share: number): BadInput {
  const what = of === 'macs' ? 'multiply-adds' : of === 'params' ? 'parameters' : 'time';
  return new BadInput(
    `With one field left in each chosen layer the network still has ${(100 * share).toFixed(1)} % of its ${what}: ` +
      'choose a budget above that, or more layers.',
  );
}

/** An architecture with fewer fields. */
export function archOf(arch: ArchSpec, kept: KeptFields): ArchSpec {
  return { ...arch, blocks: arch.blocks.map((block, i) => ({ ...block, fields: kept[i].length })) };
}

interface Removal {
  readonly block: number;
  readonly field: number;
}

/** All fields that can go, the first to go first. On ties the later block and the higher index go first. */
function removalOrder(saliencies: readonly Float64Array[], blocks: readonly number[]): Removal[] {
  const candidates = saliencies.flatMap((saliency, i) => {
    const norm = Math.sqrt(saliency.reduce((sum, value) => sum + value * value, 0));
    const removable = blocks.includes(i + 1) ? bySaliency(saliency).slice(1) : [];
    return Array.from(removable, (field) => ({
      block: i,
      field,
      value: norm > 0 ? saliency[field] / norm : 0,
    }));
  });
  return candidates.sort((a, b) => a.value - b.value || b.block - a.block || b.field - a.field);
}

function withoutFields(saliencies: readonly Float64Array[], removed: readonly Removal[]): KeptFields {
  return saliencies.map(({ length }, i) => {
    const gone = new Set(removed.filter(({ block }) => block === i).map(({ field }) => field));
    return Uint32Array.from({ length }, (_, field) => field).filter((field) => !gone.has(field));
  });
}
