/** Mean and population variance of each unit's activation, by Welford's update in float64 (VBP, §3). */

export interface UnitStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Tiles they were taken over. */
  readonly tiles: number;
}

/** What criteria rank by. */
export interface RankingStatistics extends UnitStatistics {
  /** Mean over tiles of |Σ a·∂L/∂a|, the sum over the positions and orientations of a unit's activation a. */
  readonly taylor: Float64Array;
  /** units × units, of the weights alone: max_g ⟨w_i, g·w_j⟩ (overlaps.ts). */
  readonly overlaps: Float64Array;
}

/** activations: tiles × units. */
export function unitStatistics(activations: Float32Array, units: number): UnitStatistics {
  const mean = new Float64Array(units);
  const squares = new Float64Array(units);
  const tiles = activations.length / units;
  for (let t = 0; t < tiles; t++) {
    for (let u = 0; u < units; u++) {
      const value = activations[t * units + u];
      const delta = value - mean[u];
      mean[u] += delta / (t + 1);
      squares[u] += delta * (value - mean[u]);
    }
  }
  return { mean, variance: squares.map((sum) => sum / tiles), tiles };
}

/** Mean and population variance of units over `count` tiles (or equal parts of whatever was counted). */
export interface MomentSums {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly count: number;
}

export function noMoments(units: number): MomentSums {
  return { mean: new Float64Array(units), variance: new Float64Array(units), count: 0 };
}

/** The moments of two sets of tiles together (Chan, Golub & LeVeque 1979). */
export function poolMoments(a: MomentSums, b: MomentSums): MomentSums {
  const count = a.count + b.count;
  const share = b.count / count;
  const mean = a.mean.map((value, i) => value + share * (b.mean[i] - value));
  const variance = a.variance.map((value, i) => {
    const apart = b.mean[i] - a.mean[i];
    return value + share * (b.variance[i] - value) + share * (1 - share) * (apart * apart);
  });
  return { mean, variance, count };
}

/** Units whose activation never changes on the tiles seen: dead, or always on by the same amount. */
export function deadUnits({ variance }: UnitStatistics): number {
  return variance.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
}
