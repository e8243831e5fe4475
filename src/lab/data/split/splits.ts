/** Train, validation and test parts: seeded, stratified, a pure function of the labels and official parts. */

import { BadInput } from '../../errors';
import { permutation } from '../../random';
import type { Dataset, SplitName, Splits } from '../dataset';
import { officialParts, SPLIT_NAMES } from '../parts';

export { SPLIT_NAMES };

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
  dataset: Pick<Dataset, 'classes' | 'labels' | 'keys' | 'parts'>,
  fractions: Splits['fractions'],
  seed: number,
): Splits {
  checkFractions(fractions);
  if (dataset.classes.length < 2) {
    throw new BadInput('The data set has one class only; a net needs at least two to tell apart.');
  }
  const official = officialByClass(dataset);
  const parts: Record<SplitName, number[]> = { train: [], val: [], test: [] };
  for (const [label, name] of dataset.classes.entries()) {
    const tiles = indicesOf(dataset.labels, label);
    refuseTooFew(name, tiles.length, official, label);
    for (const [rank, part] of classParts(tiles.length, label, fractions, seed, official).entries()) {
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
 * nothing but its arguments, so the split of a class can be told from the number of its tiles and their official parts.
 */
export function classParts(
  tiles: number,
  label: number,
  fractions: Splits['fractions'],
  seed: number,
  official: OfficialParts | null = null,
): Uint8Array {
  const parts = new Uint8Array(tiles);
  for (const pool of poolsOf(official)) {
    const ranks = ranksIn(pool, tiles, official, label);
    const order = permutation(ranks.length, 'split', seed, label);
    let at = 0;
    for (const [i, size] of partSizes(ranks.length, shares(fractions, pool.splits)).entries()) {
      for (const end = at + size; at < end; at++) parts[ranks[order[at]]] = pool.splits[i];
    }
  }
  return parts;
}

/** For each class, for each of its tiles in the order of the data set, the official part: an index into SPLIT_NAMES. */
export type OfficialParts = readonly Uint8Array[];

/** The official parts (see parts.ts) of a data set, class by class; null where there are none. */
export function officialByClass({
  classes,
  labels,
  ...rest
}: Pick<Dataset, 'classes' | 'labels' | 'keys' | 'parts'>): OfficialParts | null {
  const official = officialParts(rest);
  if (!official) return null;
  const byClass = classes.map((): number[] => []);
  official.forEach((part, tile) => {
    byClass[labels[tile]].push(SPLIT_NAMES.indexOf(part));
  });
  return byClass.map((parts) => Uint8Array.from(parts));
}

const [TRAIN, VAL, TEST] = SPLIT_NAMES.keys();

/** Tiles that are divided among some of the splits (indices into SPLIT_NAMES): those of one official part, or all. */
interface Pool {
  readonly official: number | null;
  readonly splits: readonly number[];
}

function poolsOf(official: OfficialParts | null): Pool[] {
  if (!official) return [{ official: null, splits: [TRAIN, VAL, TEST] }];
  const alone = (part: number): Pool => ({ official: part, splits: [part] });
  if (official.some((parts) => parts.includes(VAL))) return [TRAIN, VAL, TEST].map(alone);
  return [{ official: TRAIN, splits: [TRAIN, VAL] }, alone(TEST)];
}

/** Positions within their class of the tiles of a pool. */
function ranksIn(pool: Pool, tiles: number, official: OfficialParts | null, label: number): number[] {
  const all = Array.from({ length: tiles }, (_, rank) => rank);
  return pool.official === null ? all : all.filter((rank) => official![label][rank] === pool.official);
}

/** Throws `BadInput` where a part of the split would find no tile of this class. */
function refuseTooFew(name: string, tiles: number, official: OfficialParts | null, label: number): void {
  const lack = lackOf(name, tiles, official, label);
  if (lack !== null) throw new BadInput(lack);
}

/** Why a class cannot be split, in a sentence: a part would find no tile of it. null where it can. */
export function lackOf(
  name: string,
  tiles: number,
  official: OfficialParts | null,
  label: number,
): string | null {
  for (const pool of poolsOf(official)) {
    const count = ranksIn(pool, tiles, official, label).length;
    if (count >= pool.splits.length) continue;
    if (pool.official === null)
      return `The class ${name} has ${count} of the three tiles that a split needs; add some.`;
    const wanted = pool.splits.length === 1 ? 'one tile' : 'two tiles';
    return `The class ${name} has ${count} of the ${wanted} that it needs in the data's own ${SPLIT_NAMES[pool.official]} part; add some, or rename the folders train and test to have the data split at random.`;
  }
  return null;
}

/** The shares of some of the parts, with sum 1. */
function shares(fractions: Splits['fractions'], splits: readonly number[]): number[] {
  const values = splits.map((split) => fractions[SPLIT_NAMES[split]]);
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
