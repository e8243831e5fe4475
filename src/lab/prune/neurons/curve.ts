/**
 * The whole curve in one pass (science §5): neurons are added by falling saliency, each contributing a rank-one term
 * to the logits, so the answers at *every* number of kept neurons cost one product. With o the order and H_c = H − μ:
 *   none:   logits_k = b₂ + Σ_{j ≤ k} H_{o_j} W₂[o_j]
 *   mean:   logits_k = b₂ + W₂ᵀμ + Σ_{j ≤ k} H_{c,o_j} W₂[o_j]
 *   ridge:  logits_k = b₂ + W₂ᵀμ + Σ_{j ≤ k} U_j V[j]    G[o, o] = LLᵀ,  V = LᵀW₂[o],  U = H_c[:, o] L⁻ᵀ
 * The leading k × k block of L is the factor of the first k neurons alone: that makes ridge's sum a curve too.
 */
import { decide } from '../../evaluate/decide';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Compensation } from './compensate';
import { cholesky, submatrix } from './linear';
import { addRidge } from './ridge';
import type { ActivationStatistics } from './statistics';

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
  model: GcnnModel,
  activations: readonly Float32Array[],
  order: Uint32Array,
  compensation: Compensation,
  statistics: ActivationStatistics,
): Generator<CurveStep, void> {
  const { data: weight, shape } = model.params['dense2.weight'];
  const [units, classes] = shape;
  const shift = compensation === 'none' ? new Float64Array(units) : statistics.mean;
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
  const terms = compensation === 'ridge' ? ridgeTerms(weight, classes, order, statistics) : null;
  const earlier: Float64Array[][] = activations.map(() => []);
  for (let position = 0; position < units; position++) {
    const unit = order[position];
    const row =
      terms?.row(position) ?? Float64Array.from(weight.subarray(unit * classes, (unit + 1) * classes));
    activations.forEach((values, i) => {
      const column = shiftedColumn(values, unit, units, shift[unit]);
      if (terms) {
        terms.solve(column, earlier[i]);
        earlier[i].push(column);
      }
      addOuter(logits[i], column, row);
    });
    yield { kept: position + 1, logits };
  }
}

/** values[:, unit] − shift. values: tiles × units. */
function shiftedColumn(values: Float32Array, unit: number, units: number, shift: number): Float64Array {
  const column = new Float64Array(values.length / units);
  for (let t = 0, at = unit; t < column.length; t++, at += units) column[t] = values[at] - shift;
  return column;
}

/** V, row by row, and U, column by column. */
function ridgeTerms(
  weight: Float32Array,
  classes: number,
  order: Uint32Array,
  statistics: ActivationStatistics,
) {
  const units = order.length;
  const factor = cholesky(submatrix(addRidge(statistics), units, order), units);
  return {
    /** V[j] = Σ_{i ≥ j} L[i, j] W₂[o_i]. */
    row(j: number): Float64Array {
      const sum = new Float64Array(classes);
      for (let i = j; i < units; i++) {
        const share = factor[i * units + j];
        for (let c = 0; c < classes; c++) sum[c] += share * weight[order[i] * classes + c];
      }
      return sum;
    },
    /** Turns H_c[:, o_j] into U_j = (H_c[:, o_j] − Σ_{i < j} L[j, i] U_i) / L[j, j], given the U before it. */
    solve(column: Float64Array, before: readonly Float64Array[]): void {
      const shares = factor.subarray(before.length * units, (before.length + 1) * units);
      let i = 0;
      // Four at a time, so that a value is fetched and stored once for four products: most of a curve's time is here.
      for (; i + 4 <= before.length; i += 4) {
        const [a, b, c, d] = shares.subarray(i, i + 4);
        const [p, q, r, s] = [before[i], before[i + 1], before[i + 2], before[i + 3]];
        for (let t = 0; t < column.length; t++) column[t] -= a * p[t] + b * q[t] + c * r[t] + d * s[t];
      }
      for (; i < before.length; i++) {
        const [share, u] = [shares[i], before[i]];
        for (let t = 0; t < column.length; t++) column[t] -= share * u[t];
      }
      const pivot = shares[before.length];
      for (let t = 0; t < column.length; t++) column[t] /= pivot;
    },
  };
}

/** logits[t] += column[t] · row. */
function addOuter(logits: Float64Array, column: Float64Array, row: Float64Array): void {
  const classes = row.length;
  for (let t = 0, to = 0; t < column.length; t++, to += classes) {
    const value = column[t];
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
  model: GcnnModel,
  activations: Float32Array,
  order: Uint32Array,
  compensation: Compensation,
  statistics: ActivationStatistics,
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
  model: GcnnModel,
  activations: Float32Array,
  order: Uint32Array,
  compensation: Compensation,
  statistics: ActivationStatistics,
  kept: number,
): Float64Array {
  for (const step of curveSteps(model, [activations], order, compensation, statistics)) {
    if (step.kept === kept) return step.logits[0];
  }
  throw new RangeError(`${kept} of ${order.length} neurons cannot be kept`);
}
