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
  if (ranking === 'block') {
    return { kept: orders.map((order) => keptUnits(order, keptCount(order.length, ratio))), floored: [] };
  }
  const all = saliency.flatMap((values, block) =>
    Array.from(values, (value, unit) => ({ block, unit, value })),
  );
  // Ties keep the lower block, and in it the lower unit.
  const ranked = all.sort((a, b) => b.value - a.value || a.block - b.block || a.unit - b.unit);
  const count = Math.max(saliency.length, keptCount(all.length, ratio));
  const first = countsOf(ranked.slice(0, count), saliency.length);
  const floored = first.flatMap((each, block) => (each === 0 ? [block] : []));
  // Those that a block needs come before the others; so as many of the lowest go.
  const best = orders.map((order) => order[0]);
  const needed = ranked.filter(({ block, unit }) => best[block] === unit);
  const others = ranked.filter(({ block, unit }) => best[block] !== unit);
  const counts = countsOf([...needed, ...others].slice(0, count), saliency.length);
  return { kept: orders.map((order, block) => keptUnits(order, counts[block])), floored };
}

function countsOf(units: readonly { readonly block: number }[], blocks: number): number[] {
  const counts = new Array<number>(blocks).fill(0);
  for (const { block } of units) counts[block]++;
  return counts;
}
