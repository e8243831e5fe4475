/**
 * Ridge compensation (CORP, arXiv 2602.05243): removed neurons are regressed on the kept ones over training tiles, and
 * the regression is folded into the last layer. With G = ΣH_cᵀH_c + εI over centred activations and K the kept units:
 *   W′_K = G_KK⁻¹ (G W₂)_K      b′ = b₂ + W₂ᵀμ − W′_Kᵀμ_K
 * ε is one number for all K, so that the whole curve has one Cholesky factor (curve.ts).
 */
import type { GcnnModel } from '../../families/gcnn/model';
import { withParams } from './extract';
import { cholesky, choleskySolve, submatrix } from './linear';
import type { ActivationStatistics } from './statistics';

/** ε as a share of the mean variance, tr(G)/n. On validation tiles anything from 1e-5 to 0.1 gives nearly the same curve. */
export const RIDGE = 1e-3;

/** G with its ridge. Units that are all constant leave a matrix of zeros, for which any ridge will do. */
export function addRidge({ gram, mean }: ActivationStatistics): Float64Array {
  const units = mean.length;
  let trace = 0;
  for (let i = 0; i < units; i++) trace += gram[i * units + i];
  const ridge = trace > 0 ? (RIDGE * trace) / units : 1;
  const ridged = gram.slice();
  for (let i = 0; i < units; i++) ridged[i * units + i] += ridge;
  return ridged;
}

/** The model, still unshrunk, whose kept neurons speak for the removed ones too. kept: ascending. */
export function compensateByRidge(
  model: GcnnModel,
  kept: Uint32Array,
  statistics: ActivationStatistics,
): GcnnModel {
  const { data: weight, shape } = model.params['dense2.weight'];
  const [units, classes] = shape;
  const { mean } = statistics;
  const gram = addRidge(statistics);
  const target = new Float64Array(kept.length * classes);
  kept.forEach((unit, row) => {
    for (let j = 0; j < units; j++) {
      const product = gram[unit * units + j];
      for (let c = 0; c < classes; c++) target[row * classes + c] += product * weight[j * classes + c];
    }
  });
  const solved = choleskySolve(cholesky(submatrix(gram, units, kept), kept.length), target, kept.length);
  const folded = Float64Array.from(weight);
  kept.forEach((unit, row) => {
    folded.set(solved.subarray(row * classes, (row + 1) * classes), unit * classes);
  });
  const bias = Float64Array.from(model.params['dense2.bias'].data);
  const addMean = (unit: number, weights: ArrayLike<number>, sign: number) => {
    for (let c = 0; c < classes; c++) bias[c] += sign * mean[unit] * weights[unit * classes + c];
  };
  for (let unit = 0; unit < units; unit++) addMean(unit, weight, 1);
  for (const unit of kept) addMean(unit, folded, -1);
  return withParams(model, {
    'dense2.weight': { shape, data: Float32Array.from(folded) },
    'dense2.bias': { shape: [classes], data: Float32Array.from(bias) },
  });
}
