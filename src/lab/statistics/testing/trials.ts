/** Made-up answers of two kinds of networks on the same tiles, for tests of the tests; and another way to find their variance. */
import { cos, exp, log } from '../../elementary';
import { uniform } from '../../random';

export interface World {
  readonly tiles: number;
  readonly seeds: number;
  readonly folds?: number;
  /** Deviations of log odds: of a tile for both kinds, of a tile for one kind, of a network. */
  readonly tile: number;
  readonly inter: number;
  readonly network: number;
  /** Log odds by which the second kind is better. */
  readonly better: number;
}

/** right(second kind) − right(first kind): [seed][tile], and the fold of each tile. */
export function drawTrial(world: World, ...key: number[]): { values: Float64Array[]; folds: Int32Array } {
  const next = uniform('trial', ...key);
  const normal = () => Math.sqrt(-2 * log(1 - next())) * cos(2 * Math.PI * next());
  const { tiles, seeds, folds: k = 1 } = world;
  const folds = Int32Array.from({ length: tiles }, (_, t) => t % k);
  const drawn = (n: number, deviation: number) =>
    Float64Array.from({ length: n }, () => deviation * normal());
  const easy = drawn(tiles, world.tile);
  const own = [drawn(tiles, world.inter), drawn(tiles, world.inter)];
  const values = Array.from({ length: seeds }, () => {
    const networks = [drawn(k, world.network), drawn(k, world.network)];
    return Float64Array.from({ length: tiles }, (_, t) => {
      const [first, second] = [0, 1].map((kind) => {
        const odds = 1 + easy[t] + own[kind][t] + networks[kind][folds[t]] + kind * world.better;
        return next() < 1 / (1 + exp(-odds)) ? 1 : 0;
      });
      return second - first;
    });
  });
  return { values, folds };
}

/**
 * The standard error of the mean by the pigeonhole bootstrap (Owen 2007, Annals of Applied Statistics 1:386–411): tiles and
 * seeds are both drawn with replacement, crosswise. It is known to be somewhat too large, never too small, in expectation
 * but for the factor (S − 1)/S of the seeds, which is put right here.
 */
export function pigeonholeError(values: readonly Float64Array[], times: number, seed: number): number {
  const [S, n] = [values.length, values[0].length];
  const next = uniform('pigeonhole', seed);
  const means = Array.from({ length: times }, () => {
    const seeds = values.map(() => values[Math.floor(S * next())]);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const tile = Math.floor(n * next());
      for (const row of seeds) sum += row[tile];
    }
    return sum / (n * S);
  });
  const centre = means.reduce((a, b) => a + b, 0) / times;
  return Math.sqrt((means.reduce((a, b) => a + (b - centre) ** 2, 0) / (times - 1)) * (S / (S - 1)));
}
