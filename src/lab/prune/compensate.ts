/**
 * Making up for removed neurons before they go. `mean` (VBP's mean-shift compensation): each removed neuron is
 * replaced by its mean over training tiles, b₂ ← b₂ + Σ_removed μ_j W₂[j].
 */
import type { Model } from '../nn/model';
import { withParams } from './extract';
import type { UnitStatistics } from './statistics';
import { removedUnits } from './units';

export const COMPENSATIONS = ['none', 'mean'] as const;
export type Compensation = (typeof COMPENSATIONS)[number];

/** The model, still unshrunk, with dense2's bias adjusted for the loss of all units not in `kept`. */
export function compensate(
  model: Model,
  kept: Uint32Array,
  compensation: Compensation,
  { mean }: UnitStatistics,
): Model {
  if (compensation === 'none') return model;
  const weight = model.params['dense2.weight'];
  const [units, classes] = weight.shape;
  const sums = Float64Array.from(model.params['dense2.bias'].data);
  for (const unit of removedUnits(kept, units)) {
    for (let c = 0; c < classes; c++) sums[c] += mean[unit] * weight.data[unit * classes + c];
  }
  return withParams(model, { 'dense2.bias': { shape: [classes], data: Float32Array.from(sums) } });
}
