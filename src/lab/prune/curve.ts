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

export interface CurveStep {
  readonly kept: number;
  /** Tiles × classes, one per set of activations; overwritten by the next step. */
  readonly logits: readonly Float64Array[];
}

/**
 * Logits with 0, 1, … units neurons kept, of several sets of activations in step (the same tiles, turned).
 * activations: tiles × units each (as dense2 reads them); order: units by falling saliency.
 */
export function* curveSteps(
  model: Model,
  activations: readonly Float32Array[],
  order: Uint32Array,
  compensation: Compensation,
  { mean }: UnitStatistics,
): Generator<CurveStep, void> {
  const { data: weight, shape } = model.params['dense2.weight'];
  const [units, classes] = shape;
  const shift = compensation === 'mean' ? mean : new Float64Array(units);
  const start = Float64Array.from(model.params['dense2.bias'].data);
  for (let j = 0; j < units; j++) {
    for (let c = 0; c < classes; c++) start[c] += shift[j] * weight[j * classes + c];
  }
  const logits = activations.map((values) => {
    const tiles = values.length / units;
    const out = new Float64Array(tiles * classes);
    for (let t = 0; t < tiles; t++) out.set(start, t * classes);
    return out;
  });
  yield { kept: 0, logits };
  for (let position = 0; position < units; position++) {
    const unit = order[position];
    const row = Float64Array.from(weight.subarray(unit * classes, (unit + 1) * classes));
    activations.forEach((values, i) => {
      addUnit(logits[i], values, unit, units, shift[unit], row);
    });
    yield { kept: position + 1, logits };
  }
}

/** logits[t] += (values[t, unit] − shift) · row. */
function addUnit(
  logits: Float64Array,
  values: Float32Array,
  unit: number,
  units: number,
  shift: number,
  row: Float64Array,
): void {
  const classes = row.length;
  for (let at = unit, to = 0; at < values.length; at += units, to += classes) {
    const value = values[at] - shift;
    if (value === 0) continue;
    for (let c = 0; c < classes; c++) logits[to + c] += value * row[c];
  }
}

export interface CurveAnswers {
  readonly tiles: number;
  readonly units: number;
  /** (units + 1) × tiles: the answer of each tile with k neurons kept, row k. */
  readonly answers: Uint8Array;
  /** The same shape: 1 where the top-2 margin is below `UNDECIDED_MARGIN` of the logit range. */
  readonly undecided: Uint8Array;
}

/** The answers at every number of kept neurons. activations: tiles × units. */
export function curveAnswers(
  model: Model,
  activations: Float32Array,
  order: Uint32Array,
  compensation: Compensation,
  statistics: UnitStatistics,
): CurveAnswers {
  const [units, classes] = model.params['dense2.weight'].shape;
  const tiles = activations.length / units;
  const answers = new Uint8Array((units + 1) * tiles);
  const undecided = new Uint8Array((units + 1) * tiles);
  for (const { kept, logits } of curveSteps(model, [activations], order, compensation, statistics)) {
    const row = decide(logits[0], classes);
    answers.set(row.answers, kept * tiles);
    undecided.set(row.undecided, kept * tiles);
  }
  return { tiles, units, answers, undecided };
}

/** The logits (tiles × classes) with exactly `kept` neurons, by the same sum as the curve. */
export function curveLogits(
  model: Model,
  activations: Float32Array,
  order: Uint32Array,
  compensation: Compensation,
  statistics: UnitStatistics,
  kept: number,
): Float64Array {
  for (const step of curveSteps(model, [activations], order, compensation, statistics)) {
    if (step.kept === kept) return step.logits[0];
  }
  throw new RangeError(`${kept} of ${order.length} neurons cannot be kept`);
}
