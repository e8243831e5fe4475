/**
 * Units: what is removed together. A hidden neuron is its column of dense1, its bias and its row of dense2;
 * with the `orbit` head that is a whole orbit of patterns, so removing it keeps the network invariant.
 * Classifier outputs are never units.
 */
import { BadInput } from '../../errors';
import type { GcnnModel } from '../../families/gcnn/model';

/** How many of n units stay when a share `ratio` is to go: max(1, ⌊n(1−p) + 1e-9⌋) (science §5). */
export function keptCount(n: number, ratio: number): number {
  if (!(ratio >= 0 && ratio < 1)) {
    throw new BadInput(
      `A pruning ratio must be at least 0 and below 1, not ${ratio}: it is the share of units to remove.`,
    );
  }
  return Math.max(1, Math.floor(n * (1 - ratio) + 1e-9));
}

/** Unit indices by falling saliency; ties keep the lower index first. */
export function bySaliency(saliency: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: saliency.length }, (_, i) => i);
  return order.sort((a, b) => saliency[b] - saliency[a] || a - b);
}

/** The first `kept` units of an order, ascending. */
export function keptUnits(order: Uint32Array, kept: number): Uint32Array {
  return order.slice(0, kept).sort();
}

/** The units not in `kept`, ascending. */
export function removedUnits(kept: ArrayLike<number>, n: number): Uint32Array {
  const stays = new Set(Array.from(kept));
  return Uint32Array.from({ length: n }, (_, i) => i).filter((i) => !stays.has(i));
}

/** The share `ratio` of units with the lowest saliency, ascending: what goes. */
export function leastUnits(saliency: ArrayLike<number>, ratio: number): Uint32Array {
  const kept = keptUnits(bySaliency(saliency), keptCount(saliency.length, ratio));
  return removedUnits(kept, saliency.length);
}

/** Number of hidden neurons. */
export function unitCount(model: Pick<GcnnModel, 'arch'>): number {
  return model.arch.head.hidden;
}
