/**
 * The whole curve in one pass (science §5): neurons are added by falling saliency, each contributing
 * H[:, j] W₂[j] to the logits, so the answers at *every* number of kept neurons cost one product.
 *   none:  logits_k = b₂ + Σ_{j ≤ k} H_j W₂[j]
 *   mean:  the same with H_j − μ_j, and b₂ + W₂ᵀμ
 */
import { decide } from '../evaluate/decide';
import type { Model } from '../nn/model';
import type { Compensation } from './compensate';
import type { UnitStatistics } from './statistics';

export interface CurveAnswers {
  readonly tiles: number;
  readonly units: number;
  /** (units + 1) × tiles: the answer of each tile with k neurons kept, row k. */
  readonly answers: Uint8Array;
  /** The same shape: 1 where the top-2 margin is below `UNDECIDED_MARGIN` of the logit range. */
  readonly undecided: Uint8Array;
}

/** activations: tiles × units (as dense2 reads them); order: units by falling saliency. */
export function curveAnswers(
  model: Model,
  activations: Float32Array,
  order: Uint32Array,
  compensation: Compensation,
  { mean }: UnitStatistics,
): CurveAnswers {
  const [units, classes] = model.params['dense2.weight'].shape;
  const tiles = activations.length / units;
  const answers = new Uint8Array((units + 1) * tiles);
  const undecided = new Uint8Array((units + 1) * tiles);
  forEachKept(model, activations, order, compensation, mean, (kept, logits) => {
    const row = decide(logits, classes);
    answers.set(row.answers, kept * tiles);
    undecided.set(row.undecided, kept * tiles);
  });
  return { tiles, units, answers, undecided };
}

/** The logits (tiles × classes) with exactly `kept` neurons, by the same sum as the curve. */
export function curveLogits(
  model: Model,
  activations: Float32Array,
  order: Uint32Array,
  compensation: Compensation,
  { mean }: UnitStatistics,
  kept: number,
): Float64Array {
  let found = new Float64Array();
  forEachKept(model, activations, order, compensation, mean, (k, logits) => {
    if (k === kept) found = logits.slice();
  });
  return found;
}

function forEachKept(
  model: Model,
  activations: Float32Array,
  order: Uint32Array,
  compensation: Compensation,
  mean: Float64Array,
  visit: (kept: number, logits: Float64Array) => void,
): void {
  const { data: weight, shape } = model.params['dense2.weight'];
  const [units, classes] = shape;
  const tiles = activations.length / units;
  const shift = compensation === 'mean' ? mean : new Float64Array(units);
  const start = Float64Array.from(model.params['dense2.bias'].data);
  for (let j = 0; j < units; j++) {
    for (let c = 0; c < classes; c++) start[c] += shift[j] * weight[j * classes + c];
  }
  const logits = new Float64Array(tiles * classes);
  for (let t = 0; t < tiles; t++) logits.set(start, t * classes);
  visit(0, logits);
  order.forEach((unit, position) => {
    for (let t = 0; t < tiles; t++) {
      const value = activations[t * units + unit] - shift[unit];
      if (value === 0) continue;
      for (let c = 0; c < classes; c++) logits[t * classes + c] += value * weight[unit * classes + c];
    }
    visit(position + 1, logits);
  });
}
