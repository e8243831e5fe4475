/**
 * Making up for removed units before they go, in the map W₂ that reads them, b₂ beside it.
 *   mean   VBP: every removed field is replaced by its mean, b₂ ← b₂ + Σ_removed μ_f Σ_h W₂[f, h]
 *   ridge  CORP (arXiv 2602.05243): by what the kept ones predict of it. With C the covariance over tokens (the same in all
 *          orientations), ε a share of its mean variance and K the kept channels,
 *            W′_K = (C + ε)_KK⁻¹ ((C + ε) W₂)_K      b′ = b₂ + W₂ᵀμ − W′_Kᵀμ_K
 *          C commutes with the group, so W′ is again one filter in all orientations.
 */
import type { VitModel } from '../../families/vit/model';
import type { Param } from '../../nn/model';
import type { Compensation } from '../neurons/compensate';
import { cholesky, choleskySolve, submatrix } from '../neurons/linear';
import { RIDGE } from '../neurons/ridge';
import { removedUnits } from '../units/units';
import type { BlockStatistics } from './statistics';
import { type BlockUnit, type BlockUnits, rowsOf, unitsOf } from './units';

/** The model, still unshrunk, with the maps behind the removed units adjusted. kept: of every block, ascending. */
export function compensateUnits(
  model: VitModel,
  unit: BlockUnit,
  kept: readonly Uint32Array[],
  compensation: Compensation,
  statistics: readonly BlockStatistics[],
): VitModel {
  if (compensation === 'none') return model;
  const params: Record<string, Param> = { ...model.params };
  for (const units of unitsOf(model.arch, unit)) {
    const stays = kept[units.block];
    if (stays.length === units.count) continue;
    const adjusted = compensation === 'mean' ? byMean : byRidge;
    Object.assign(params, adjusted(model, units, stays, statistics[units.block]));
  }
  return { ...model, params };
}

type Replaced = Readonly<Record<string, Param>>;

const fieldsOf = (units: BlockUnits, chosen: Uint32Array): number[] =>
  Array.from(chosen, (each) => rowsOf(units, each)).flat();

function byMean(
  { params }: VitModel,
  units: BlockUnits,
  kept: Uint32Array,
  { mean }: BlockStatistics,
): Replaced {
  const weight = params[`${units.outOf}.weight`];
  const bias = Float64Array.from(params[`${units.outOf}.bias`].data);
  for (const field of fieldsOf(units, removedUnits(kept, units.count)))
    addMean(bias, weight, field, mean[field]);
  return { [`${units.outOf}.bias`]: { shape: [bias.length], data: Float32Array.from(bias) } };
}

/** b += μ · Σ_h W[f, h]; weight: [fields, |G|, out]. */
function addMean(bias: Float64Array, { shape, data }: Param, field: number, mean: number): void {
  const [, order, outputs] = shape;
  for (let h = 0; h < order; h++) {
    const from = (field * order + h) * outputs;
    for (let o = 0; o < outputs; o++) bias[o] += mean * data[from + o];
  }
}

function byRidge(
  { params }: VitModel,
  units: BlockUnits,
  kept: Uint32Array,
  { mean, covariance }: BlockStatistics,
): Replaced {
  const name = `${units.outOf}.weight`;
  const { shape, data } = params[name];
  const [fields, order, outputs] = shape;
  const width = fields * order;
  const ridged = withRidge(covariance, width);
  const channels = Int32Array.from(
    fieldsOf(units, kept).flatMap((field) => Array.from({ length: order }, (_, h) => field * order + h)),
  );
  // What is stored, [fields · |G|, out], are the columns of the upright orientation.
  const solved = solve(ridged, channels, Float64Array.from(data), outputs);
  const folded = data.slice();
  channels.forEach((channel, row) => {
    for (let o = 0; o < outputs; o++) folded[channel * outputs + o] = solved[row * outputs + o];
  });
  const bias = Float64Array.from(params[`${units.outOf}.bias`].data);
  for (let field = 0; field < fields; field++) addMean(bias, params[name], field, mean[field]);
  const replaced = { shape, data: folded };
  for (const field of fieldsOf(units, kept)) addMean(bias, replaced, field, -mean[field]);
  return {
    [name]: replaced,
    [`${units.outOf}.bias`]: { shape: [outputs], data: Float32Array.from(bias) },
  };
}

function withRidge(covariance: Float64Array, width: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * width + i];
  const ridged = covariance.slice();
  for (let i = 0; i < width; i++) ridged[i * width + i] += trace > 0 ? (RIDGE * trace) / width : 1;
  return ridged;
}

/** (C_KK)⁻¹ (C·W)_K. */
function solve(c: Float64Array, kept: Int32Array, w: Float64Array, outputs: number): Float64Array {
  const width = w.length / outputs;
  const target = new Float64Array(kept.length * outputs);
  kept.forEach((channel, row) => {
    for (let j = 0; j < width; j++) {
      const product = c[channel * width + j];
      for (let o = 0; o < outputs; o++) target[row * outputs + o] += product * w[j * outputs + o];
    }
  });
  return choleskySolve(cholesky(submatrix(c, width, kept), kept.length), target, kept.length);
}
