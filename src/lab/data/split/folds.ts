/** Parts by folds: every tile is a test tile of exactly one fold. */
import { BadInput } from '../../errors';
import { permutation } from '../../random';
import type { Dataset, Splits } from '../dataset';
import { officialParts } from '../parts';

/** Fold 0 … of − 1. */
export interface FoldChoice {
  readonly of: number;
  readonly fold: number;
}

/**
 * The parts of one fold. Each class is dealt by itself, in an order drawn from the seed, so that folds have sizes and classes
 * as even as can be; the tiles of the fold are the test part. Of the others each class gives validation its share.
 *
 * @param val share of validation among the tiles that are no test tiles, above 0 and below 1.
 * @returns ascending indices; the parts are disjoint and together every tile.
 * @throws BadInput for a set that comes in official parts, which folds would mix, and for a class of fewer tiles than folds,
 * or too few to teach and choose.
 */
export function foldSplit(
  dataset: Pick<Dataset, 'classes' | 'labels' | 'keys' | 'parts'>,
  fractions: Splits['fractions'],
  seed: number,
  { of: folds, fold }: FoldChoice,
): Splits {
  if (fold >= folds) throw new BadInput(`There is no fold ${fold} of ${folds}: they are 0 to ${folds - 1}.`);
  if (officialParts(dataset)) {
    throw new BadInput(
      'This set comes in training and test parts, which folds would mix: leave the folds out.',
    );
  }
  const share = fractions.val / (fractions.train + fractions.val);
  const parts: Record<'train' | 'val' | 'test', number[]> = { train: [], val: [], test: [] };
  // Dealt on from where the class before ended, or the first folds would get every class's odd tile.
  let dealt = 0;
  for (const [label, name] of dataset.classes.entries()) {
    const tiles: number[] = [];
    for (let i = 0; i < dataset.labels.length; i++) if (dataset.labels[i] === label) tiles.push(i);
    if (tiles.length < Math.max(folds, 3)) {
      throw new BadInput(
        `The class ${name} has ${tiles.length} tiles, too few for ${folds} folds; take fewer folds or add some.`,
      );
    }
    const order = Array.from(permutation(tiles.length, 'folds', seed, label), (rank) => tiles[rank]);
    const isTest = (place: number) => (dealt + place) % folds === fold;
    const rest = order.filter((_, place) => !isTest(place));
    const chosen = Math.min(rest.length - 1, Math.max(1, Math.round(rest.length * share)));
    if (rest.length < 2)
      throw new BadInput(
        `The class ${name} has too few tiles for ${folds} folds; add some, or take more folds.`,
      );
    parts.test.push(...order.filter((_, place) => isTest(place)));
    parts.val.push(...rest.slice(0, chosen));
    parts.train.push(...rest.slice(chosen));
    dealt += tiles.length;
  }
  const ascending = (list: number[]) => Uint32Array.from(list).sort();
  return {
    ...{ seed, fractions },
    ...{ train: ascending(parts.train), val: ascending(parts.val), test: ascending(parts.test) },
  };
}
