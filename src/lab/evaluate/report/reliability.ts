/**
 * Whether a network is as often right as it says: the reliability diagram and the expected calibration error, with bins
 * of equal width as in Guo et al., “On calibration of modern neural networks” (ICML 2017), §2.
 */

/** As many as there. */
export const BINS = 15;

export interface ReliabilityBin {
  /** Probabilities above `from` up to `to`. */
  readonly from: number;
  readonly to: number;
  readonly tiles: number;
  /** Mean probability of the answers in the bin; null where there is none. */
  readonly confidence: number | null;
  /** Share of them that is right; null where there is none. */
  readonly accuracy: number | null;
}

/** confidences: the probability of each tile's answer, 0 … 1. right: whether it is the label. */
export function reliabilityOf(
  confidences: ArrayLike<number>,
  right: ArrayLike<boolean>,
  bins = BINS,
): ReliabilityBin[] {
  const tiles = new Array<number>(bins).fill(0);
  const sums = new Array<number>(bins).fill(0);
  const hits = new Array<number>(bins).fill(0);
  for (let t = 0; t < confidences.length; t++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidences[t] * bins) - 1));
    tiles[bin]++;
    sums[bin] += confidences[t];
    if (right[t]) hits[bin]++;
  }
  return tiles.map((count, i) => ({
    from: i / bins,
    to: (i + 1) / bins,
    tiles: count,
    confidence: count === 0 ? null : sums[i] / count,
    accuracy: count === 0 ? null : hits[i] / count,
  }));
}

/** Mean of |accuracy − confidence| over the bins, each counting by its tiles; null without a tile. */
export function calibrationError(bins: readonly ReliabilityBin[]): number | null {
  let [tiles, error] = [0, 0];
  for (const bin of bins) {
    if (bin.confidence === null || bin.accuracy === null) continue;
    tiles += bin.tiles;
    error += bin.tiles * Math.abs(bin.accuracy - bin.confidence);
  }
  return tiles === 0 ? null : error / tiles;
}
