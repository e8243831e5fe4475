/** Learning from few: a share of the training tiles, drawn class by class; the other parts stay whole. */
import { permutation } from '../../random';
import type { Dataset, Splits } from '../dataset';

/**
 * Keeps this share of each class's training tiles, to the nearest whole number and at least one, by the split's own seed.
 * A larger share keeps the same tiles and more.
 */
export function shareSplit(
  { classes, labels }: Pick<Dataset, 'classes' | 'labels'>,
  splits: Splits,
  share: number,
): Splits {
  const chosen = classes.flatMap((_, label) => {
    const tiles = splits.train.filter((tile) => labels[tile] === label);
    const order = permutation(tiles.length, 'share', splits.seed, label);
    const kept = Math.max(1, Math.round(tiles.length * share));
    return Array.from(order.subarray(0, kept), (rank) => tiles[rank]);
  });
  return { ...splits, train: Uint32Array.from(chosen).sort() };
}
