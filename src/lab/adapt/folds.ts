/** Cross-validation on the training part: k folds, each with its share of every class; the other k − 1 teach. */
import type { Dataset, Splits } from '../data/dataset';
import { BadInput } from '../errors';
import { permutation } from '../random';

/**
 * The split of each fold: its tiles choose in the place of the validation tiles, and the test tiles stay unseen.
 *
 * @throws BadInput where a class has fewer training tiles than there are folds.
 */
export function foldsOf(
  dataset: Pick<Dataset, 'classes' | 'labels'>,
  splits: Splits,
  count: number,
): Splits[] {
  const folds: number[][] = Array.from({ length: count }, () => []);
  for (const [label, name] of dataset.classes.entries()) {
    const tiles = splits.train.filter((tile) => dataset.labels[tile] === label);
    if (tiles.length < count) throw new BadInput(tooFew(name, tiles.length, count));
    const order = permutation(tiles.length, 'folds', splits.seed, label);
    // Class by class from another fold on, so that what is left over does not all go to the first.
    order.forEach((rank, i) => {
      folds[(i + label) % count].push(tiles[rank]);
    });
  }
  return folds.map((fold) => {
    const val = Uint32Array.from(fold).sort();
    const held = new Set(val);
    return { ...splits, train: splits.train.filter((tile) => !held.has(tile)), val };
  });
}

function tooFew(name: string, tiles: number, count: number): string {
  const instead = tiles >= 2 ? `take at most ${tiles} folds` : 'give one λ';
  return (
    `The class ${name} has ${tiles} training ${tiles === 1 ? 'tile' : 'tiles'}, too few for ${count} folds that each hold one: ` +
    `${instead}, or take a larger share of the tiles.`
  );
}
