/**
 * The mean of a quantity that every test tile has with every seed, and how far it can be trusted for other tiles and other
 * seeds: tiles and seeds vary crosswise, so tile × seed pairs are not independent.
 *
 * Model: y[t, s] = μ + tile t + seed s + rest, all random. This is the analysis of several readers of the same cases
 * (Dorfman, Berbaum and Metz 1992) with the degrees of freedom of Hillis 2007 (Statistics in Medicine 26:596–619):
 *
 *     variance of the mean = [MS(seeds) + max(MS(tiles) − MS(rest), 0)] / (n·S),
 *     degrees of freedom   = (S − 1) · {[MS(seeds) + max(MS(tiles) − MS(rest), 0)] / MS(seeds)}²,
 *
 * where for the variance MS(seeds) is no smaller than MS(rest), which in truth it never is. Of few seeds it often is by
 * chance, and of two it tells next to nothing: there the degrees of freedom take the larger of both, too. Simulated, wrong
 * verdicts are then 5 % or fewer (`crossed.test.ts`); two seeds tell large differences alone.
 *
 * By folds, where every tile is tested by the networks of its own fold, seeds are compared within folds: k·(S − 1) degrees
 * of freedom instead of S − 1, and k networks a seed.
 *
 * Assumed: tiles are drawn independently of each other, seeds too; the training tiles are those of this split (how others
 * would do is not told; by folds they overlap, and what networks of one fold have in common is told by tiles alone).
 *
 * Shares near 0 or 1, and networks that hardly ever differ, have too small a variance in few tiles. So, as Agresti and Coull
 * (1998) do for shares and Bonett and Price (2012) for paired ones, some tiles are added in thought (`pseudo`).
 */
import { studentPoint, studentTails } from './distributions';

/** Variance of one tile × seed: what tiles differ by, what seeds differ by, and the rest. Estimates, none below 0. */
export interface Components {
  readonly tiles: number;
  readonly seeds: number;
  readonly rest: number;
}

export interface CrossedMean {
  readonly tiles: number;
  readonly seeds: number;
  /** Networks per seed: 1, or as many as there are folds. */
  readonly folds: number;
  /** With the tiles added in thought. */
  readonly mean: number;
  /** Standard error; 0 where nothing varies at all. */
  readonly error: number;
  /** Of Student's t. */
  readonly freedom: number;
  readonly components: Components;
}

/**
 * @param values [seed][tile], of at least two seeds.
 * @param pseudo values of tiles added in thought, the same with every seed.
 * @param folds which fold each tile is tested in, 0 … k − 1; without it there is one.
 */
export function crossedMean(
  values: readonly ArrayLike<number>[],
  pseudo: readonly number[],
  folds?: ArrayLike<number>,
): CrossedMean {
  const [S, n] = [values.length, values[0].length];
  const k = folds ? Math.max(...Array.from(folds)) + 1 : 1;
  const tileMean = new Float64Array(n);
  const cellSum = Array.from({ length: k }, () => new Float64Array(S));
  const cellTiles = new Float64Array(k);
  for (let t = 0; t < n; t++) {
    const fold = folds ? folds[t] : 0;
    cellTiles[fold]++;
    for (let s = 0; s < S; s++) {
      tileMean[t] += values[s][t] / S;
      cellSum[fold][s] += values[s][t];
    }
  }
  const total = n + pseudo.length;
  const mean = (sum(tileMean) + sum(pseudo)) / total;
  let [ofTiles, ofSeeds, ofRest] = [0, 0, 0];
  for (let t = 0; t < n; t++) ofTiles += S * (tileMean[t] - mean) ** 2;
  for (const value of pseudo) ofTiles += S * (value - mean) ** 2;
  const foldMean = cellSum.map((sums, fold) => sum(sums) / (S * cellTiles[fold]));
  for (let fold = 0; fold < k; fold++) {
    for (let s = 0; s < S; s++) {
      ofSeeds += cellTiles[fold] * (cellSum[fold][s] / cellTiles[fold] - foldMean[fold]) ** 2;
    }
  }
  for (let t = 0; t < n; t++) {
    const fold = folds ? folds[t] : 0;
    for (let s = 0; s < S; s++) {
      const seed = cellSum[fold][s] / cellTiles[fold] - foldMean[fold];
      ofRest += (values[s][t] - tileMean[t] - seed) ** 2;
    }
  }
  const squares = {
    tiles: ofTiles / (total - 1),
    seeds: ofSeeds / (k * (S - 1)),
    rest: n > k ? ofRest / ((n - k) * (S - 1)) : 0,
  };
  const beyondRest = Math.max(squares.tiles - squares.rest, 0);
  const guarded = Math.max(squares.seeds, squares.rest);
  const variance = guarded + beyondRest;
  const networks = k * (S - 1);
  const trusted = networks === 1 ? guarded : squares.seeds;
  return {
    ...{ tiles: n, seeds: S, folds: k, mean },
    error: Math.sqrt(variance / (total * S)),
    freedom: trusted === 0 ? Number.POSITIVE_INFINITY : networks * (variance / trusted) ** 2,
    components: {
      tiles: beyondRest / S,
      seeds: Math.max(squares.seeds - squares.rest, 0) / (n / k),
      rest: squares.rest,
    },
  };
}

/** The interval that holds the true mean in 95 % of all cases. */
export function intervalOf({ mean, error, freedom }: CrossedMean): [number, number] {
  const half = error === 0 ? 0 : studentPoint(0.05, freedom) * error;
  return [mean - half, mean + half];
}

/** Two-sided p against a true mean of `bound`: below 5 % exactly where the interval leaves it out. */
export function pAgainst(
  { mean, error, freedom }: Pick<CrossedMean, 'mean' | 'error' | 'freedom'>,
  bound: number,
): number {
  if (error === 0) return mean === bound ? 1 : 0;
  return studentTails((mean - bound) / error, freedom);
}

function sum(values: ArrayLike<number>): number {
  let all = 0;
  for (let i = 0; i < values.length; i++) all += values[i];
  return all;
}
