/** Train, validation and test parts: seeded, stratified, a pure function of the labels and official parts. */

import { BadInput } from '../errors';
import { permutation } from '../random';
import type { Dataset, SplitName, Splits } from './dataset';
import { officialParts } from './parts';

export const SPLIT_NAMES: readonly SplitName[] = ['train', 'val', 'test'];
export const DEFAULT_FRACTIONS: Splits['fractions'] = { train: 0.6, val: 0.2, test: 0.2 };

/**
 * Splits each class by itself, so that every part has its share of every class and at least one tile of it.
 * Official parts (see parts.ts) are kept: the test part is the official one whatever its share, and the
 * shares of training and validation divide the rest, unless validation is official too.
 *
 * @returns ascending indices; the parts are disjoint and together every tile.
 * @throws BadInput when the fractions are not positive with sum 1, there is one class only, or a class has
 * fewer than three tiles or none in an official part.
 */
export function stratifiedSplit(
  dataset: Pick<Dataset, 'classes' | 'labels' | 'keys'>,
  fractions: Splits['fractions'],
  seed: number,
): Splits {
  checkFractions(fractions);
  if (dataset.classes.length < 2) {
    throw new BadInput('The data set has one class only; a net needs at least two to tell apart.');
  }
  const official = officialParts(dataset.keys);
  const pools = official ? officialPools(official) : [{ official: undefined, splits: SPLIT_NAMES }];
  const parts: Record<SplitName, number[]> = { train: [], val: [], test: [] };
  for (const [label, name] of dataset.classes.entries()) {
    const ofClass = indicesOf(dataset.labels, label);
    for (const pool of pools) {
      const tiles = pool.official ? ofClass.filter((tile) => official![tile] === pool.official) : ofClass;
      if (tiles.length < pool.splits.length) throw tooFew(name, tiles.length, pool);
      const order = permutation(tiles.length, 'split', seed, label);
      const sizes = partSizes(tiles.length, shares(fractions, pool.splits));
      let at = 0;
      for (const [part, split] of pool.splits.entries()) {
        for (const end = at + sizes[part]; at < end; at++) parts[split].push(tiles[order[at]]);
      }
    }
  }
  const ascending = (list: number[]) => Uint32Array.from(list).sort();
  return {
    seed,
    fractions,
    train: ascending(parts.train),
    val: ascending(parts.val),
    test: ascending(parts.test),
  };
}

/** Tiles that are divided among some of the splits: those of one official part, or all. */
interface Pool {
  readonly official: SplitName | undefined;
  readonly splits: readonly SplitName[];
}

function officialPools(official: readonly SplitName[]): Pool[] {
  const alone = (part: SplitName): Pool => ({ official: part, splits: [part] });
  if (official.includes('val')) return SPLIT_NAMES.map(alone);
  return [{ official: 'train', splits: ['train', 'val'] }, alone('test')];
}

function tooFew(name: string, count: number, { official, splits }: Pool): BadInput {
  if (!official) {
    return new BadInput(`The class ${name} has ${count} of the three tiles that a split needs; add some.`);
  }
  const wanted = splits.length === 1 ? 'one tile' : 'two tiles';
  return new BadInput(
    `The class ${name} has ${count} of the ${wanted} that it needs in the data's own ${official} part; add some, or rename the folders train and test to have the data split at random.`,
  );
}

/** The shares of some of the parts, with sum 1. */
function shares(fractions: Splits['fractions'], splits: readonly SplitName[]): number[] {
  const values = splits.map((split) => fractions[split]);
  if (splits.length === SPLIT_NAMES.length) return values;
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
}

/** Largest remainder, ties to the earlier part; then a part left empty takes one tile from the largest. */
function partSizes(n: number, shares: readonly number[]): number[] {
  const quotas = shares.map((share) => n * share);
  const sizes = quotas.map((quota) => Math.floor(quota + 1e-9));
  const remainder = (part: number) => quotas[part] - sizes[part];
  const byRemainder = [...shares.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  const missing = n - sizes.reduce((a, b) => a + b, 0);
  for (let i = 0; i < missing; i++) sizes[byRemainder[i]]++;
  while (sizes.includes(0)) {
    sizes[sizes.indexOf(Math.max(...sizes))]--;
    sizes[sizes.indexOf(0)]++;
  }
  return sizes;
}

function checkFractions(fractions: Splits['fractions']): void {
  const values = SPLIT_NAMES.map((split) => fractions[split]);
  const sum = values.reduce((a, b) => a + b, 0);
  if (!values.every((value) => value > 0) || Math.abs(sum - 1) > 1e-6) {
    throw new BadInput(`The split ${values.join(' / ')} is not three positive shares with sum 1.`);
  }
}

function indicesOf(labels: Uint8Array, label: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] === label) found.push(i);
  return found;
}
