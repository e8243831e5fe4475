/** Train, validation and test parts: seeded, stratified, a pure function of the labels. */

import { BadInput } from '../errors';
import { permutation } from '../random';
import type { Dataset, SplitName, Splits } from './dataset';

export const SPLIT_NAMES: readonly SplitName[] = ['train', 'val', 'test'];
export const DEFAULT_FRACTIONS: Splits['fractions'] = { train: 0.6, val: 0.2, test: 0.2 };

/**
 * Splits each class by itself, so that every part has its share of every class and at least one tile of it.
 *
 * @returns ascending indices; the parts are disjoint and together every tile.
 * @throws BadInput when the fractions are not positive with sum 1, there is one class only, or a class has
 * fewer than three tiles.
 */
export function stratifiedSplit(
  dataset: Pick<Dataset, 'classes' | 'labels'>,
  fractions: Splits['fractions'],
  seed: number,
): Splits {
  checkFractions(fractions);
  if (dataset.classes.length < 2) {
    throw new BadInput('The data set has one class only; a net needs at least two to tell apart.');
  }
  const parts: Record<SplitName, number[]> = { train: [], val: [], test: [] };
  for (const [label, name] of dataset.classes.entries()) {
    const tiles = indicesOf(dataset.labels, label);
    if (tiles.length < SPLIT_NAMES.length) {
      throw new BadInput(
        `The class ${name} has ${tiles.length} of the three tiles that a split needs; add some.`,
      );
    }
    for (const [rank, part] of classParts(tiles.length, label, fractions, seed).entries()) {
      parts[SPLIT_NAMES[part]].push(tiles[rank]);
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

/**
 * Where the tiles of one class go: for each, in the order of the data set, an index into SPLIT_NAMES. Depends on
 * nothing but its arguments, so the split of a class can be told from the number of its tiles (three or more).
 */
export function classParts(
  tiles: number,
  label: number,
  fractions: Splits['fractions'],
  seed: number,
): Uint8Array {
  const order = permutation(tiles, 'split', seed, label);
  const parts = new Uint8Array(tiles);
  let at = 0;
  for (const [part, size] of partSizes(tiles, fractions).entries()) {
    for (const end = at + size; at < end; at++) parts[order[at]] = part;
  }
  return parts;
}

/** Largest remainder, ties to the earlier part; then a part left empty takes one tile from the largest. */
function partSizes(n: number, fractions: Splits['fractions']): number[] {
  const quotas = SPLIT_NAMES.map((split) => n * fractions[split]);
  const sizes = quotas.map((quota) => Math.floor(quota + 1e-9));
  const remainder = (part: number) => quotas[part] - sizes[part];
  const byRemainder = [0, 1, 2].sort((a, b) => remainder(b) - remainder(a) || a - b);
  const missing = n - sizes[0] - sizes[1] - sizes[2];
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
