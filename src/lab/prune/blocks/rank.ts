/** Which units stay: ranked in each block, or over all blocks together as VBP does. */
import { bySaliency, keptCount, keptUnits } from '../units/units';

export const RANKINGS = ['network', 'block'] as const;
/** `network`: all blocks together; `block`: the same share of each. */
export type Ranking = (typeof RANKINGS)[number];

export interface RankedUnits {
  /** Of every block, ascending. */
  readonly kept: readonly Uint32Array[];
  /** Blocks, from 0, that would have lost all and keep their best unit, because a block needs one. */
  readonly floored: readonly number[];
}

/** saliency: of the units of every block. Throws `BadInput` for a ratio outside [0, 1). */
export function rankUnits(saliency: readonly Float64Array[], ratio: number, ranking: Ranking): RankedUnits {
  const orders = saliency.map(bySaliency);
  const counts = saliency.map(({ length }) => length);
  if (ranking === 'block') {
    return { kept: orders.map((order) => keptUnits(order, keptCount(order.length, ratio))), floored: [] };
  }
  const count = keptOf(counts, ratio, ranking);
  const first = countsOf(bySaliencyOfAll(saliency).slice(0, count), saliency.length);
  const floored = first.flatMap((each, block) => (each === 0 ? [block] : []));
  const stay = countsOf(neededFirst(saliency).slice(0, count), saliency.length);
  return { kept: orders.map((order, block) => keptUnits(order, stay[block])), floored };
}

/** How many units stay of blocks with so many. Throws `BadInput` for a ratio outside [0, 1). */
export function keptOf(counts: readonly number[], ratio: number, ranking: Ranking): number {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  if (ranking === 'block') return sum(counts.map((count) => keptCount(count, ratio)));
  return Math.max(counts.length, keptCount(sum(counts), ratio));
}

/**
 * All units, those of the first block first, in the order in which they stay: whatever the ratio, `rankUnits` keeps the first
 * so many of them.
 */
export function stayingOrder(saliency: readonly Float64Array[], ranking: Ranking): Uint32Array {
  const starts = startsOf(saliency.map(({ length }) => length));
  const ordered = ranking === 'block' ? byShare(saliency) : neededFirst(saliency);
  return Uint32Array.from(ordered, ({ block, unit }) => starts[block] + unit);
}

/** The first unit of each block, where units are numbered through all of them. */
export const startsOf = (counts: readonly number[]): number[] =>
  counts.map((_, block) => counts.slice(0, block).reduce((sum, count) => sum + count, 0));

interface Placed {
  readonly block: number;
  readonly unit: number;
}

/** Ties keep the lower block, and in it the lower unit. */
function bySaliencyOfAll(saliency: readonly Float64Array[]): Placed[] {
  return saliency
    .flatMap((values, block) => Array.from(values, (value, unit) => ({ block, unit, value })))
    .sort((a, b) => b.value - a.value || a.block - b.block || a.unit - b.unit);
}

/** The best unit of each block, which it needs, before all others; so as many of the lowest go. */
function neededFirst(saliency: readonly Float64Array[]): Placed[] {
  const best = saliency.map((values) => bySaliency(values)[0]);
  const isNeeded = ({ block, unit }: Placed) => best[block] === unit;
  const ranked = bySaliencyOfAll(saliency);
  return [...ranked.filter(isNeeded), ...ranked.filter((each) => !isNeeded(each))];
}

/** By the share of its own block that a unit is among: those that stay longest first. */
function byShare(saliency: readonly Float64Array[]): Placed[] {
  return saliency
    .flatMap((values, block) =>
      Array.from(bySaliency(values), (unit, rank) => ({
        ...{ block, unit },
        // One stays of each, however small a share it is.
        share: rank === 0 ? 0 : (rank + 1) / values.length,
      })),
    )
    .sort((a, b) => a.share - b.share || a.block - b.block);
}

function countsOf(units: readonly Placed[], blocks: number): number[] {
  const counts = new Array<number>(blocks).fill(0);
  for (const { block } of units) counts[block]++;
  return counts;
}
