/**
 * Making up for removed neurons before they go. `mean` (VBP's mean-shift compensation): each removed neuron is
 * replaced by its mean over training tiles, b₂ ← b₂ + Σ_removed μ_j W₂[j]. `ridge` (CORP): by what the kept ones
 * predict of it (ridge.ts).
 */
import type { GcnnModel } from '../../families/gcnn/model';
import type { SliderUnit } from '../../families/units';
import type { UnitStatistics } from '../units/statistics';
import { removedUnits } from '../units/units';
import { withParams } from './extract';
import { compensateByRidge } from './ridge';
import type { ActivationStatistics } from './statistics';

export const COMPENSATIONS = ['none', 'mean', 'ridge'] as const;
export type Compensation = (typeof COMPENSATIONS)[number];

/** What can make up for such units: of filters no products are summed up, from which the others would be predicted. */
export const compensationsOf = (unit: SliderUnit): readonly Compensation[] =>
  unit === 'filter' ? ['none', 'mean'] : COMPENSATIONS;

/** The model, still unshrunk, with the last layer adjusted for the loss of all units not in `kept` (ascending). */
export function compensate(
  model: GcnnModel,
  kept: Uint32Array,
  compensation: Compensation,
  statistics: ActivationStatistics,
): GcnnModel {
  if (compensation === 'mean') return meanCompensated(model, kept, statistics);
  return compensation === 'ridge' ? compensateByRidge(model, kept, statistics) : model;
}

function meanCompensated(model: GcnnModel, kept: Uint32Array, { mean }: UnitStatistics): GcnnModel {
  const weight = model.params['dense2.weight'];
  const [units, classes] = weight.shape;
  const sums = Float64Array.from(model.params['dense2.bias'].data);
  for (const unit of removedUnits(kept, units)) {
    for (let c = 0; c < classes; c++) sums[c] += mean[unit] * weight.data[unit * classes + c];
  }
  return withParams(model, { 'dense2.bias': { shape: [classes], data: Float32Array.from(sums) } });
}
