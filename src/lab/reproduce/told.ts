/** One row against another, or against a printed figure, on the same test tiles: what is told, and what it would take. */
import { type CrossedMean, crossedMean, intervalOf, pAgainst } from '../statistics/crossed';
import { studentPoint } from '../statistics/distributions';
import { midP } from '../statistics/exact';
import { pairTilesToTell, seedsToTell, smallestTold, tilesToTell } from '../statistics/power';
import type { Told } from './report';

/** The classes of the test tiles, and which fold each is tested in where there are folds. */
export interface Truth {
  readonly labels: ArrayLike<number>;
  readonly folds?: ArrayLike<number> | undefined;
}

/** One list of answers for each seed. */
export type Answers = readonly (readonly number[])[];

/** What is asked of a contrast: here − times · there. */
export interface Asked {
  readonly kind: Told['kind'];
  /** The row that it is held against, in words; null: a printed figure. */
  readonly against: string | null;
  /** 1: the difference; 0.5: whether half of the other's accuracy is left; 0: the accuracy itself. */
  readonly times: number;
  /** What the contrast is held against. */
  readonly bound: number;
  /** What the paper's figures come to; undefined where it prints none. */
  readonly printed?: number | undefined;
}

/** Seeds for which the tiles that it takes are told. */
export const SEEDS = [2, 3, 5, 10] as const;

/**
 * @param there answers that `here` is held against, seed by seed; not looked at where `times` is 0.
 * @returns with p as it is alone: `adjusted` is null until the claims of a section are told together.
 */
export function tell(
  { kind, against, times, bound, printed }: Asked,
  here: Answers,
  there: Answers,
  truth: Truth,
): Told {
  const { labels, folds } = truth;
  const values = contrast(here, there, times, labels);
  const [tiles, seeds] = [labels.length, values.length];
  const difference = values.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0) / (tiles * seeds);
  const pseudo = pseudoOf(times);
  const target = {
    difference: printed ?? difference,
    from: printed === undefined ? 'here' : 'paper',
  } as const;
  const distance = Math.abs(target.difference - bound);
  const common = { kind, against, times, tiles, seeds, difference, bound, target, adjusted: null };
  if (seeds === 1) {
    const [one] = values;
    const { interval, p } = ofOnePair(one, pseudo, bound);
    const differing = one.filter((value) => value !== 0).length / tiles;
    const pair = times === 1 ? pairTilesToTell(differing, distance) : null;
    return {
      ...common,
      interval,
      p,
      components: null,
      smallest: null,
      needed: { seeds: null, tiles: [] },
      pair,
    };
  }
  const found = crossedMean(values, pseudo, folds);
  const { components } = found;
  const k = found.folds > 1 ? found.folds : undefined;
  return {
    ...common,
    ...(k && { folds: k }),
    interval: intervalOf(found),
    p: pAgainst(found, bound),
    components,
    smallest: smallestTold(components, { tiles, seeds, folds: k }),
    needed: {
      seeds: distance === 0 ? null : seedsToTell(components, distance, { tiles, folds: k }),
      tiles: SEEDS.map((each) => ({
        seeds: each,
        tiles: distance === 0 ? null : tilesToTell(components, distance, { seeds: each, folds: k }),
      })),
    },
  };
}

/** [seed][tile]: right here − times · right there. */
function contrast(here: Answers, there: Answers, times: number, labels: ArrayLike<number>): Float64Array[] {
  return here.map((answers, seed) =>
    Float64Array.from(answers, (answer, tile) => {
      const right = answer === labels[tile] ? 1 : 0;
      return times === 0 ? right : right - times * (there[seed][tile] === labels[tile] ? 1 : 0);
    }),
  );
}

/** Tiles added in thought: two right and two wrong, or one gained and one lost. */
const pseudoOf = (times: number): number[] => (times === 0 ? [1, 1, 0, 0] : [1, -times]);

/** The 95 % interval of the accuracy, or of its difference against `there`. */
export function ofAnswers(here: Answers, there: Answers | null, { labels, folds }: Truth): [number, number] {
  const times = there === null ? 0 : 1;
  const values = contrast(here, there ?? [], times, labels);
  const pseudo = pseudoOf(times);
  const [low, high] =
    values.length === 1
      ? ofOnePair(values[0], pseudo, 0).interval
      : intervalOf(crossedMean(values, pseudo, folds));
  return [Math.max(there === null ? 0 : -1, low), Math.min(1, high)];
}

/**
 * The 95 % interval of the share of the other's accuracy that is left, of at least two seeds: a ratio of means, by the
 * contrast here − ratio · there, divided by the mean there (the delta method). Undefined where the other has nothing right.
 */
export function shareLeft(
  here: Answers,
  there: Answers,
  { labels, folds }: Truth,
): [number, number] | undefined {
  if (here.length < 2) return undefined;
  const mean = (rows: readonly Float64Array[]) =>
    rows.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0) / (rows.length * labels.length);
  const theirs = mean(contrast(there, [], 0, labels));
  if (theirs === 0) return undefined;
  const ratio = mean(contrast(here, [], 0, labels)) / theirs;
  const [low, high] = intervalOf(crossedMean(contrast(here, there, ratio, labels), [1, -1], folds));
  return [Math.max(0, ratio + low / theirs), ratio + high / theirs];
}

/** The 95 % interval of what the first of each pair gains over the second, on average over the pairs; undefined of one seed. */
export function meanGain(
  pairs: readonly (readonly [Answers, Answers])[],
  { labels, folds }: Truth,
): [number, number] | undefined {
  const seeds = pairs[0][0].length;
  if (seeds < 2) return undefined;
  const sums = Array.from({ length: seeds }, () => new Float64Array(labels.length));
  for (const [here, there] of pairs) {
    for (const [seed, row] of contrast(here, there, 1, labels).entries()) {
      row.forEach((value, tile) => {
        sums[seed][tile] += value / pairs.length;
      });
    }
  }
  return intervalOf(crossedMean(sums, [1, -1], folds));
}

/** Where one way stands to another, by what it gains on each tile of each seed, −1 … 1. One seed tells of its two networks. */
export function standing(gains: readonly ArrayLike<number>[]): 'above' | 'below' | 'undecided' {
  const { interval, p } =
    gains.length === 1 ? ofOnePair(gains[0], [1, -1], 0) : ofSeeds(crossedMean(gains, [1, -1]));
  return p >= 0.05 ? 'undecided' : interval[0] + interval[1] > 0 ? 'above' : 'below';
}

const ofSeeds = (found: CrossedMean) => ({ interval: intervalOf(found), p: pAgainst(found, 0) });

/**
 * Two given networks, over tiles alone: Bonett and Price's interval (2012; the tiles added in thought are `pseudo`), and
 * McNemar's mid-p where the question is which is better.
 */
export function ofOnePair(
  values: ArrayLike<number>,
  pseudo: readonly number[],
  bound: number,
): { readonly interval: [number, number]; readonly p: number } {
  const all = [...Array.from(values), ...pseudo];
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length;
  const error = Math.sqrt(variance / all.length);
  const half = studentPoint(0.05, Number.POSITIVE_INFINITY) * error;
  const count = (sign: number) => Array.from(values).filter((value) => value === sign).length;
  const isPaired =
    bound === 0 && all.every((value) => value === 0 || Math.abs(value) === 1) && pseudo.includes(-1);
  const p = isPaired
    ? midP(count(1), count(-1))
    : pAgainst({ mean, error, freedom: Number.POSITIVE_INFINITY }, bound);
  return { interval: [mean - half, mean + half], p };
}

/** On which side of its bound a contrast is told to lie; null: it cannot be told. One seed tells nothing of a kind of network. */
export function sideOf({ seeds, p, adjusted, interval, bound }: Told): 'above' | 'below' | null {
  if (seeds < 2 || (adjusted ?? p) >= 0.05) return null;
  return (interval[0] + interval[1]) / 2 > bound ? 'above' : 'below';
}
