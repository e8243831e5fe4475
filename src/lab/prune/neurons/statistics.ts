/** What pruning needs to know of hidden neurons on the training tiles, from their activations alone. */
import { exp } from '../../elementary';
import { hiddenOf } from '../../evaluate/features';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Examples } from '../../train/problem';
import { neuronFilters } from '../units/filters';
import { overlapsOf } from '../units/overlaps';
import { type RankingStatistics, type UnitStatistics, unitStatistics } from '../units/statistics';

/** What compensation and the curve need. */
export interface ActivationStatistics extends UnitStatistics {
  /** units × units: Σ over tiles of the products of centred activations (ridge.ts). */
  readonly gram: Float64Array;
  readonly taylor: Float64Array;
}

export type NeuronStatistics = ActivationStatistics & RankingStatistics;

/** The statistics of a study's network. train: head inputs of the training tiles. */
export async function statisticsOf(
  model: GcnnModel,
  train: Pick<Examples, 'values' | 'labels'>,
): Promise<NeuronStatistics> {
  const activations = await hiddenOf(model, train.values);
  const overlaps = await overlapsOf(neuronFilters(model));
  return { ...activationStatistics(model, activations, train.labels), overlaps };
}

/** activations: tiles × units; labels: the tiles' classes. */
export function activationStatistics(
  model: Pick<GcnnModel, 'params'>,
  activations: Float32Array,
  labels: Uint8Array,
): ActivationStatistics {
  const units = model.params['dense2.weight'].shape[0];
  const statistics = unitStatistics(activations, units);
  return {
    ...statistics,
    taylor: taylorOf(model, activations, labels),
    gram: centredGram(activations, statistics.mean),
  };
}

/** Mean |a·∂L/∂a| of the cross-entropy L: ∂L/∂a_j = Σ_c (softmax − one-hot)_c W₂[j, c]. */
function taylorOf({ params }: Pick<GcnnModel, 'params'>, activations: Float32Array, labels: Uint8Array) {
  const { data: weight, shape } = params['dense2.weight'];
  const [units, classes] = shape;
  const bias = params['dense2.bias'].data;
  const sums = new Float64Array(units);
  const slope = new Float64Array(classes);
  labels.forEach((label, t) => {
    const row = activations.subarray(t * units, (t + 1) * units);
    slope.set(bias);
    for (let u = 0; u < units; u++) {
      if (row[u] !== 0) for (let c = 0; c < classes; c++) slope[c] += row[u] * weight[u * classes + c];
    }
    softmax(slope);
    slope[label] -= 1;
    for (let u = 0; u < units; u++) {
      if (row[u] === 0) continue;
      let gradient = 0;
      for (let c = 0; c < classes; c++) gradient += slope[c] * weight[u * classes + c];
      sums[u] += Math.abs(row[u] * gradient);
    }
  });
  return sums.map((sum) => sum / labels.length);
}

/** In place. */
function softmax(logits: Float64Array): void {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (let c = 0; c < logits.length; c++) {
    logits[c] = exp(logits[c] - largest);
    sum += logits[c];
  }
  for (let c = 0; c < logits.length; c++) logits[c] /= sum;
}

/** Σ (h − μ)(h − μ)ᵀ = Σ hhᵀ − T·μμᵀ: in this order the many zeros behind a ReLU cost nothing. */
function centredGram(activations: Float32Array, mean: Float64Array): Float64Array {
  const units = mean.length;
  const tiles = activations.length / units;
  const gram = new Float64Array(units * units);
  for (let t = 0; t < tiles; t++) {
    const row = activations.subarray(t * units, (t + 1) * units);
    for (let i = 0; i < units; i++) {
      const value = row[i];
      if (value !== 0) for (let j = 0; j <= i; j++) gram[i * units + j] += value * row[j];
    }
  }
  for (let i = 0; i < units; i++) {
    for (let j = 0; j <= i; j++) {
      const centred = gram[i * units + j] - tiles * mean[i] * mean[j];
      gram[i * units + j] = centred;
      gram[j * units + i] = centred;
    }
  }
  return gram;
}
