/**
 * What pruning needs to know of a network's filters, from one pass of the training tiles: of what each layer reads of them, behind
 * activations, pools and residual sums. A unit that several layers read has one gate in front of all of them, so Taylor is
 * exactly of its going.
 */
import type { Dataset } from '../../data/dataset';
import { type Bundle, bundlesOf } from '../../families/imported/channels';
import type { ImportedModel } from '../../families/imported/model';
import { requireTrainable, respondingLogits } from '../../families/imported/network';
import { chunks, INFERENCE_BATCH, tileBatch } from '../../nn/batch';
import { type Tensors, uploadParams } from '../../nn/live';
import { requireFloat } from '../../nn/model';
import { throughGates } from '../../nn/ops/gates';
import { breathe } from '../../runtime/breathe';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';
import { crossEntropy } from '../../train/loss';
import { labelsOf } from '../../train/problem';
import type { UnitFilters } from '../units/filters';
import { overlapsOf } from '../units/overlaps';
import { type MomentSums, noMoments, poolMoments, type RankingStatistics } from '../units/statistics';

export interface FilterStatistics {
  readonly ranking: RankingStatistics;
  /** Of every reader of the bundle, in order: the mean of each unit over tiles, positions and orientations. */
  readonly means: readonly Float64Array[];
}

/** The incoming weights of a bundle's units: of all layers that leave them, biases left out. */
export function filterPatterns({ params }: Pick<ImportedModel, 'params'>, bundle: Bundle): UnitFilters {
  const { units, order, makers } = bundle;
  const weights = makers.map((name) => params[`${name}.weight`]);
  const widths = weights.map(({ data }) => data.length / units);
  const width = widths.reduce((a, b) => a + b, 0);
  const patterns = new Float32Array(units * width);
  let from = 0;
  for (const [m, { data }] of weights.entries()) {
    const outputs = units * order;
    for (let i = 0; i < data.length; i++) {
      const output = i % outputs;
      const at = Math.floor(i / outputs) * order + (output % order);
      patterns[Math.floor(output / order) * width + from + at] = data[i];
    }
    from += widths[m];
  }
  return { units, width, patterns, actions: [Uint32Array.from({ length: width }, (_, i) => i)] };
}

/** What is known without a tile: enough for criteria that look at weights. */
export async function weightStatistics(model: ImportedModel): Promise<FilterStatistics[]> {
  const nothing = new Float64Array();
  const found: FilterStatistics[] = [];
  for (const bundle of bundlesOf(model.arch)) {
    const overlaps = await overlapsOf(filterPatterns(model, bundle));
    found.push({
      ranking: { mean: nothing, variance: nothing, taylor: nothing, tiles: 0, overlaps },
      means: [],
    });
  }
  return found;
}

/** The statistics of every bundle. Throws `BadInput` for a network in integers, or that has no gradient here. */
export async function* filterStatistics(
  model: ImportedModel,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<FilterStatistics[]> {
  requireFloat(model);
  requireTrainable(model.arch);
  const bundles = bundlesOf(model.arch);
  const sums = bundles.map(({ units, readers }) => ({
    moments: readers.map(() => noMoments(units)),
    taylor: new Float64Array(units),
  }));
  const params = uploadParams(model.params);
  try {
    let done = 0;
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const seen = tf.tidy(() => {
        const x = tileBatch(dataset, piece, model.normalisation);
        return observe(model, bundles, params, x, labelsOf(dataset, piece));
      });
      for (const [i, { moments, slopes }] of seen.entries()) {
        const { units } = bundles[i];
        for (const [r, each] of moments.entries())
          sums[i].moments[r] = added(sums[i].moments[r], await each.data(), piece.length);
        const gates = await slopes.data();
        for (let g = 0; g < gates.length; g++) sums[i].taylor[g % units] += Math.abs(gates[g]);
        tf.dispose([...moments, slopes]);
      }
      done += piece.length;
      yield { type: 'progress', what: 'activations', done, total: tiles.length };
      await breathe();
    }
  } finally {
    tf.dispose(Object.values(params));
  }
  const found: FilterStatistics[] = [];
  for (const [i, { moments, taylor }] of sums.entries()) {
    const overlaps = await overlapsOf(filterPatterns(model, bundles[i]));
    const count = tiles.length;
    const averaged = (of: (sum: MomentSums) => Float64Array) =>
      taylor.map((_, u) => moments.reduce((sum, each) => sum + of(each)[u], 0) / moments.length);
    const ranking = {
      mean: averaged(({ mean }) => mean),
      variance: averaged(({ variance }) => variance),
      taylor: taylor.map((sum) => sum / count),
      ...{ overlaps, tiles: count },
    };
    found.push({ ranking, means: moments.map(({ mean }) => mean) });
  }
  return found;
}

function added(sum: MomentSums, moments: ArrayLike<number>, tiles: number): MomentSums {
  const units = sum.mean.length;
  const half = (start: number) => Float64Array.from({ length: units }, (_, u) => moments[start + u]);
  return poolMoments(sum, { mean: half(0), variance: half(units), count: tiles });
}

type Seen = {
  /** Of each reader, [2 × units]: means, then variances. */
  readonly moments: tf.Tensor[];
  /** [tiles, units]: ∂L/∂gate. */
  readonly slopes: tf.Tensor;
};

/** One batch through the gated network. */
function observe(
  { arch }: ImportedModel,
  bundles: readonly Bundle[],
  params: Tensors,
  x: tf.Tensor4D,
  labels: Uint8Array,
): Seen[] {
  const tiles = x.shape[0];
  const moments: tf.Tensor[][] = bundles.map(() => []);
  const places = new Map(
    bundles.flatMap(({ readers, units }, bundle) =>
      readers.map(({ layer, each }, reader) => [layer, { bundle, reader, units, each }] as const),
    ),
  );
  const loss = (...gates: tf.Tensor[]): tf.Scalar => {
    const logits = respondingLogits(arch, params, x, {
      read: ({ name }, value) => {
        const place = places.get(name);
        if (!place) return value;
        const { bundle, reader, units, each } = place;
        const before = value.size / (tiles * units * each);
        const passed = throughGates(value, gates[bundle] as tf.Tensor2D, [tiles, before, units, each]);
        moments[bundle][reader] = tf.keep(passed.moments);
        return passed.value;
      },
    });
    // The sum of the tiles' losses, so that each tile's gates feel its own loss alone.
    return tf.mul(crossEntropy(logits, labels), tiles) as tf.Scalar;
  };
  const slopes = tf.grads(loss)(bundles.map(({ units }) => tf.ones([tiles, units])));
  return slopes.map((each, i) => ({ moments: moments[i], slopes: each }));
}
