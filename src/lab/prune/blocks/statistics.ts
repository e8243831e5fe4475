/**
 * What pruning has to know of a transformer's blocks, from one pass of training tiles through the network: of what the next
 * map reads (behind the GELU, or behind the heads), over all tokens of all tiles and, under a group, all orientations.
 *
 * Every field has a gate for each tile (nn/ops/gates.ts), whose slope is Σ a·∂L/∂a over its activations; a unit's is the sum
 * of its fields'.
 */
import type { Dataset } from '../../data/dataset';
import { expandVit } from '../../families/vit/expanded';
import { type Hooks, runVit } from '../../families/vit/forward';
import { tokensOf } from '../../families/vit/layout';
import type { VitModel } from '../../families/vit/model';
import { chunks, INFERENCE_BATCH, tileBatch } from '../../nn/batch';
import { type Tensors, uploadParams } from '../../nn/live';
import { requireFloat } from '../../nn/model';
import { throughGates } from '../../nn/ops/gates';
import { breathe } from '../../runtime/breathe';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';
import { GROUPS, type Group } from '../../symmetry/group';
import { crossEntropy } from '../../train/loss';
import { labelsOf } from '../../train/problem';
import { overlapsOf } from '../units/overlaps';
import { type MomentSums, noMoments, poolMoments, type RankingStatistics } from '../units/statistics';
import { type BlockUnit, type BlockUnits, unitFilters, unitsOf } from './units';

/** Of one block. */
export interface BlockStatistics {
  /** Of units, for criteria: the mean and the sum of the variances of a unit's fields. */
  readonly ranking: RankingStatistics;
  /** Mean of every field that the next map reads. */
  readonly mean: Float64Array;
  /** (fields · |G|)²: the mean of the products of centred values, the same in all orientations. */
  readonly covariance: Float64Array;
}

/** The statistics of every block's units, in order. Throws `BadInput` for a network in integers. */
export async function* unitStatisticsOf(
  model: VitModel,
  unit: BlockUnit,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<BlockStatistics[]> {
  requireFloat(model);
  const { arch } = model;
  const group = GROUPS[arch.group];
  const all = unitsOf(arch, unit);
  const sums = all.map((each) => new Sums(each, group));
  const params = uploadParams(model.params);
  const plain = tf.tidy(() => expandVit(arch, params));
  try {
    let done = 0;
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const seen = tf.tidy(() => {
        const x = tileBatch(dataset, piece, model.normalisation);
        return observe(model, unit, plain, x, labelsOf(dataset, piece));
      });
      for (const [i, { moments, slopes, products }] of seen.entries()) {
        sums[i].add(await moments.data(), await slopes.data(), await products.data(), piece.length);
        tf.dispose([moments, slopes, products]);
      }
      done += piece.length;
      yield { type: 'progress', what: 'activations', done, total: tiles.length };
      await breathe();
    }
  } finally {
    tf.dispose([...Object.values(params), ...Object.values(plain)]);
  }
  const statistics: BlockStatistics[] = [];
  for (const [i, units] of all.entries()) {
    const overlaps = await overlapsOf(unitFilters(model, units));
    statistics.push(sums[i].result(overlaps, tokensOf(arch)));
  }
  return statistics;
}

type Seen = {
  /** [2 × fields]: means, then variances, over tiles, tokens and orientations. */
  readonly moments: tf.Tensor;
  /** [tiles, fields]: of each gate. */
  readonly slopes: tf.Tensor;
  /** (fields · |G|)²: Σ of the products of values. */
  readonly products: tf.Tensor;
};

/** One batch through the gated network. */
function observe(
  { arch }: VitModel,
  unit: BlockUnit,
  plain: Tensors,
  x: tf.Tensor4D,
  labels: Uint8Array,
): Seen[] {
  const { order } = GROUPS[arch.group];
  const [tiles, tokens] = [x.shape[0], tokensOf(arch)];
  const moments: tf.Tensor[] = [];
  const products: tf.Tensor[] = [];
  const loss = (...gates: tf.Tensor[]): tf.Scalar => {
    const gated = (block: number, value: tf.Tensor2D): tf.Tensor2D => {
      const fields = value.shape[1] / order;
      const passed = throughGates(value, gates[block] as tf.Tensor2D, [tiles, tokens, fields, order]);
      moments.push(tf.keep(passed.moments));
      products.push(tf.keep(tf.matMul(value, value, true, false)));
      return passed.value as tf.Tensor2D;
    };
    const hooks: Hooks = unit === 'mlp' ? { hidden: gated } : { mixed: gated };
    // The sum of the tiles' losses, so that each tile's gates feel its own loss alone.
    return tf.mul(crossEntropy(runVit(arch, plain, x, hooks), labels), tiles) as tf.Scalar;
  };
  const open = unitsOf(arch, unit).map(({ count, fields }) => tf.ones([tiles, count * fields]));
  const slopes = tf.grads(loss)(open);
  return slopes.map((each, i) => ({ moments: moments[i], slopes: each, products: products[i] }));
}

/** What is added up over the batches. */
class Sums {
  private moments: MomentSums;
  private readonly taylor: Float64Array;
  private readonly products: Float64Array;
  constructor(
    private readonly units: BlockUnits,
    private readonly group: Group,
  ) {
    const fields = units.count * units.fields;
    this.moments = noMoments(fields);
    this.taylor = new Float64Array(units.count);
    this.products = new Float64Array((fields * group.order) ** 2);
  }

  add(
    moments: ArrayLike<number>,
    slopes: ArrayLike<number>,
    products: ArrayLike<number>,
    tiles: number,
  ): void {
    const fields = this.moments.mean.length;
    const half = (start: number) => Float64Array.from({ length: fields }, (_, f) => moments[start + f]);
    this.moments = poolMoments(this.moments, { mean: half(0), variance: half(fields), count: tiles });
    for (let tile = 0; tile < tiles; tile++) {
      for (let unit = 0; unit < this.units.count; unit++) {
        let sum = 0;
        for (let f = 0; f < this.units.fields; f++)
          sum += slopes[tile * fields + unit * this.units.fields + f];
        this.taylor[unit] += Math.abs(sum);
      }
    }
    for (let i = 0; i < products.length; i++) this.products[i] += products[i];
  }

  result(overlaps: Float64Array, tokens: number): BlockStatistics {
    const { count, fields } = this.units;
    const { mean, variance, count: tiles } = this.moments;
    const perUnit = (values: Float64Array, share: number) =>
      Float64Array.from({ length: count }, (_, unit) =>
        values.subarray(unit * fields, (unit + 1) * fields).reduce((sum, value) => sum + share * value, 0),
      );
    const ranking = {
      mean: perUnit(mean, 1 / fields),
      variance: perUnit(variance, 1),
      taylor: this.taylor.map((sum) => sum / tiles),
      ...{ overlaps, tiles },
    };
    return { ranking, mean, covariance: this.covariance(tiles * tokens) };
  }

  /** Over the group, of which the mean of a field is the mean: C = Σ_k k·S / (|G| · rows) − μμᵀ. */
  private covariance(rows: number): Float64Array {
    const { order, multiply, inverse } = this.group;
    const width = Math.sqrt(this.products.length);
    const out = new Float64Array(this.products.length);
    for (let k = 0; k < order; k++) {
      const shifted = multiply[inverse[k]];
      const from = Int32Array.from({ length: width }, (_, c) => c - (c % order) + shifted[c % order]);
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) out[i * width + j] += this.products[from[i] * width + from[j]];
      }
    }
    const means = Float64Array.from({ length: width }, (_, c) => this.moments.mean[Math.floor(c / order)]);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++)
        out[i * width + j] = out[i * width + j] / (order * rows) - means[i] * means[j];
    }
    return out;
  }
}
