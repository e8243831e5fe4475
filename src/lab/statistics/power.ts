/**
 * What a comparison can tell with so many tiles and seeds, and how many it would take: the power of the test of
 * `crossed.ts`, from variance components that were measured. Two-sided at 5 %; "told" means: in 80 % of all cases (Cohen's
 * convention). Components of few seeds are rough, and so is what is planned with them.
 */
import type { Components } from './crossed';
import { bisect, noncentralAbove, normalBelow, studentPoint } from './distributions';

/** How often what is there is to be found. */
export const POWER = 0.8;

export interface Design {
  readonly tiles: number;
  /** At least 2. */
  readonly seeds: number;
  /** Networks per seed: 1, or as many as there are folds. */
  readonly folds?: number | undefined;
}

/** The standard error and degrees of freedom that a design leads one to expect. */
export function expected(
  { tiles: ofTiles, seeds: ofSeeds, rest }: Components,
  { tiles, seeds, folds = 1 }: Design,
): { readonly error: number; readonly freedom: number } {
  const seedSquare = (tiles / folds) * ofSeeds + rest;
  const variance = seedSquare + seeds * ofTiles;
  return {
    error: Math.sqrt(variance / (tiles * seeds)),
    freedom: seedSquare === 0 ? Number.POSITIVE_INFINITY : folds * (seeds - 1) * (variance / seedSquare) ** 2,
  };
}

/** The probability that a true mean so far from the bound is told from it. 1 for any distance where nothing varies. */
export function powerAt(components: Components, design: Design, distance: number): number {
  const { error, freedom } = expected(components, design);
  if (error === 0) return distance === 0 ? 0 : 1;
  return noncentralAbove(studentPoint(0.05, freedom), freedom, Math.abs(distance) / error);
}

/** The smallest distance from the bound that is told with 80 % power. */
export function smallestTold(components: Components, design: Design): number {
  const { error, freedom } = expected(components, design);
  if (error === 0) return 0;
  const point = studentPoint(0.05, freedom);
  return error * bisect((shift) => POWER - noncentralAbove(point, freedom, shift), 0, 20 * point);
}

const MOST_TILES = 1_000_000;
export const MOST_SEEDS = 100;

/**
 * Tiles that it takes with so many seeds, rounded up to two digits; null where no number up to a million does. More tiles
 * never make up for seeds that differ: with few of them the answer may be null at any distance.
 */
export function tilesToTell(
  components: Components,
  distance: number,
  { seeds, folds }: Omit<Design, 'tiles'>,
): number | null {
  const isTold = (tiles: number) => powerAt(components, { tiles, seeds, folds }, distance) >= POWER;
  // With more tiles fewer degrees of freedom are left, so the power need not rise all the way: the first place counts.
  return firstOf(twoDigits(10, MOST_TILES), isTold);
}

/** Seeds that it takes with so many tiles, from 2 to 100; null where that is not enough. */
export function seedsToTell(
  components: Components,
  distance: number,
  { tiles, folds }: Omit<Design, 'seeds'>,
): number | null {
  for (let seeds = 2; seeds <= MOST_SEEDS; seeds++) {
    if (powerAt(components, { tiles, seeds, folds }, distance) >= POWER) return seeds;
  }
  return null;
}

/**
 * Tiles that it takes to tell two given networks apart by McNemar's test, rounded up to two digits (Connor 1987, Biometrics
 * 43:207–211); null above a million.
 *
 * @param differing share of tiles that one has right and the other has not; at least the distance.
 */
export function pairTilesToTell(differing: number, distance: number): number | null {
  const gap = Math.abs(distance);
  if (gap === 0) return null;
  const either = Math.max(differing, gap);
  const [point, power] = [normalPoint(0.975), normalPoint(POWER)];
  const tiles = ((point * Math.sqrt(either) + power * Math.sqrt(either - gap * gap)) / gap) ** 2;
  return firstOf(twoDigits(10, MOST_TILES), (each) => each >= tiles);
}

/** The z below which so large a share of a normal distribution lies. */
const normalPoint = (below: number): number => bisect((z) => below - normalBelow(z), -10, 10);

/** Numbers of two significant digits, ascending. */
function twoDigits(from: number, to: number): number[] {
  const numbers: number[] = [];
  for (let n = from, step = 1; n <= to; n += step) {
    if (n === 100 * step) step *= 10;
    numbers.push(n);
  }
  return numbers;
}

const firstOf = (numbers: readonly number[], holds: (n: number) => boolean): number | null =>
  numbers.find(holds) ?? null;
