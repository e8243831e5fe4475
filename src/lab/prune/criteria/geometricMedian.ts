/**
 * Distance from all other units: the closer a unit's weights are to the others' geometric median, the better those can
 * stand in for it. Two patterns that differ by a group element detect the same thing, so they are compared in their
 * best mutual orientation: Σ_j min_g ‖w_i − g·w_j‖.
 */
import type { Criterion } from './criterion';

export const geometricMedian: Criterion = {
  id: 'geometric-median',
  title: 'distance of the weights from those of all other units',
  from: 'weights',
  source: 'He et al. 2019, "Filter pruning via geometric median", the group\'s orientations taken out',
  saliency: ({ statistics }) => distances(statistics.overlaps),
};

/** By ‖a − b‖² = ‖a‖² + ‖b‖² − 2⟨a, b⟩: the group keeps norms, so the nearest orientation has the largest product. */
function distances(overlaps: Float64Array): Float64Array {
  const units = Math.sqrt(overlaps.length);
  const sums = new Float64Array(units);
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < i; j++) {
      const square = overlaps[i * units + i] + overlaps[j * units + j] - 2 * overlaps[i * units + j];
      // Rounding may leave a pair of copies a little less than no distance apart.
      const distance = Math.sqrt(Math.max(0, square));
      sums[i] += distance;
      sums[j] += distance;
    }
  }
  return sums;
}
