/** A smaller experiment on the same split: at most so many tiles of each part, with the part's shares of the classes. */

import { BadInput } from '../../errors';
import { permutation } from '../../random';
import type { Dataset, SplitName, Splits } from '../dataset';
import { classCounts } from '../tiles';
import { SPLIT_NAMES } from './splits';

/** Most tiles of a part; a part without a limit, or smaller than it, stays whole. */
export type SplitLimit = { readonly [part in SplitName]?: number };

/**
 * Draws each part's tiles without replacement, class by class, by the split's own seed. A larger limit draws the
 * same tiles and more, up to the rounding of a class's share.
 *
 * @throws BadInput when a limit leaves a class of the part without a tile.
 */
export function limitSplit(dataset: Dataset, splits: Splits, limit: SplitLimit): Splits {
  const parts = SPLIT_NAMES.map((part) => {
    const most = limit[part];
    const tiles = splits[part];
    return [part, most === undefined || tiles.length <= most ? tiles : drawn(dataset, splits, part, most)];
  });
  return { ...splits, ...Object.fromEntries(parts) };
}

function drawn(dataset: Dataset, splits: Splits, part: SplitName, most: number): Uint32Array {
  const tiles = splits[part];
  const sizes = shares(classCounts(dataset, tiles), most);
  const chosen = sizes.flatMap((size, label) => {
    const ofClass = tiles.filter((tile) => dataset.labels[tile] === label);
    if (size === 0 && ofClass.length > 0) {
      throw new BadInput(
        `A limit of ${most} ${part} tiles leaves none of the class ${dataset.classes[label]}; allow some more.`,
      );
    }
    const order = permutation(ofClass.length, 'limit', splits.seed, part, label);
    return Array.from(order.subarray(0, size), (rank) => ofClass[rank]);
  });
  return Uint32Array.from(chosen).sort();
}

/** Whole numbers with sum `total`, as near as can be in the proportion of `counts` (largest remainder). */
function shares(counts: readonly number[], total: number): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const quotas = counts.map((count) => (total * count) / sum);
  const sizes = quotas.map(Math.floor);
  const remainder = (i: number) => quotas[i] - sizes[i];
  const missing = total - sizes.reduce((a, b) => a + b, 0);
  const largest = [...counts.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const i of largest.slice(0, missing)) sizes[i]++;
  return sizes;
}
