/**
 * What pruning needs to know of fields, from one pass of the training tiles through the trained network. All of it is
 * of the value the consumer reads: behind norm, ReLU and pooling and, for the last block, behind the group's maximum.
 *
 * For Taylor every unit gets a gate m = 1 per tile, a factor on its activation a: ∂L/∂m = Σ a·∂L/∂a over positions and
 * orientations, which is what has to be summed.
 */
import type { Dataset } from '../../data/dataset';
import type { ArchSpec } from '../../families/gcnn/arch';
import { headInput, hiddenActivations, logitsOf } from '../../families/gcnn/head';
import type { GcnnModel } from '../../families/gcnn/model';
import { type OpenLayer, openLayers, overGroup } from '../../families/gcnn/trunk';
import { chunks, INFERENCE_BATCH, tileBatch } from '../../nn/batch';
import { uploadParams } from '../../nn/live';
import { channelsLast } from '../../nn/maps/channelsLast';
import type { MapForm } from '../../nn/maps/form';
import { preferredForm } from '../../nn/maps/forms';
import { requireFloat } from '../../nn/model';
import { throughGates } from '../../nn/ops/gates';
import { breathe } from '../../runtime/breathe';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';
import { GROUPS } from '../../symmetry/group';
import { crossEntropy } from '../../train/loss';
import { labelsOf } from '../../train/problem';
import { overlapsOf } from '../units/overlaps';
import { type MomentSums, noMoments, poolMoments, type RankingStatistics } from '../units/statistics';
import { fieldFilters } from './filters';

/** Whole fields, or (for the counter-example) each of their channels by itself, before the group's maximum. */
export type Grain = 'field' | 'channel';

type Observed = MomentSums & { readonly taylor: Float64Array };

/** The statistics of every block's fields, in order. */
export async function* fieldStatistics(
  model: GcnnModel,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<RankingStatistics[]> {
  const observed = yield* activationStatistics(model, dataset, tiles, 'field');
  const statistics: RankingStatistics[] = [];
  for (const [i, each] of observed.entries()) {
    statistics.push({ ...each, overlaps: await overlapsOf(fieldFilters(model, i + 1)) });
  }
  return statistics;
}

/** What is known of every block's fields without a tile: enough for criteria that look at weights. */
export async function weightStatistics(model: GcnnModel): Promise<RankingStatistics[]> {
  const nothing = new Float64Array();
  const blocks = model.arch.blocks.map((_, i) => overlapsOf(fieldFilters(model, i + 1)));
  return (await Promise.all(blocks)).map((overlaps) => ({
    mean: nothing,
    variance: nothing,
    taylor: nothing,
    tiles: 0,
    overlaps,
  }));
}

/** Mean, variance and Taylor saliency of every block's units. Throws `BadInput` for a network in integers. */
export async function* activationStatistics(
  model: GcnnModel,
  dataset: Dataset,
  tiles: Uint32Array,
  grain: Grain,
): Stage<Omit<RankingStatistics, 'overlaps'>[]> {
  requireFloat(model);
  const { arch } = model;
  const units = arch.blocks.map(({ fields }) => fields * (grain === 'field' ? 1 : GROUPS[arch.group].order));
  const sums: Observed[] = units.map((count) => ({ ...noMoments(count), taylor: new Float64Array(count) }));
  const params = uploadParams(model.params);
  const form = preferredForm();
  const layers = openLayers(arch, params, {}, form);
  try {
    let done = 0;
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const seen = tf.tidy(() => {
        const x = tileBatch(dataset, piece, model.normalisation);
        return observe(arch, form, layers, params, x, labelsOf(dataset, piece), grain);
      });
      for (const [i, { moments, gates }] of seen.entries()) {
        sums[i] = addObserved(sums[i], await moments.data(), await gates.data(), piece.length);
        tf.dispose([moments, gates]);
      }
      done += piece.length;
      yield { type: 'progress', what: 'activations', done, total: tiles.length };
      await breathe();
    }
  } finally {
    tf.dispose(Object.values(params));
    for (const { dispose } of layers) dispose();
  }
  return sums.map(({ mean, variance, taylor, count }) => ({
    mean,
    variance,
    taylor: taylor.map((sum) => sum / count),
    tiles: count,
  }));
}

type Seen = {
  /** [2 × units]: means, then variances, over tiles, positions and orientations. */
  readonly moments: tf.Tensor;
  /** [tiles, units]: ∂L/∂gate. */
  readonly gates: tf.Tensor;
};

/** One batch through the gated network. */
function observe(
  arch: ArchSpec,
  form: MapForm,
  layers: readonly OpenLayer[],
  params: Readonly<Record<string, tf.Tensor>>,
  x: tf.Tensor4D,
  labels: Uint8Array,
  grain: Grain,
): Seen[] {
  const { order } = GROUPS[arch.group];
  const tiles = x.shape[0];
  const moments: tf.Tensor[] = [];
  const loss = (...gates: tf.Tensor[]) => {
    let value = form.enter(x);
    layers.forEach(({ respond, pool }, i) => {
      const active = respond(value);
      const read = pool ? form.maxPool(active) : active;
      const isPooled = i + 1 === layers.length && grain === 'field';
      // Behind the group's maximum, maps are channels last in every form.
      const last = isPooled ? overGroup(arch, form, read) : read;
      const view = (isPooled ? channelsLast : form).view(last, gates[i].shape[1]!);
      const gated = throughGates(last, gates[i] as tf.Tensor2D, view);
      moments.push(tf.keep(gated.moments));
      value = gated.value;
    });
    const maps = grain === 'field' ? (value as tf.Tensor4D) : overGroup(arch, form, value);
    const logits = logitsOf(params, hiddenActivations(arch, params, headInput(arch, maps)));
    // The sum of the tiles' losses, so that each tile's gates feel its own loss alone.
    return tf.mul(crossEntropy(logits, labels), tiles) as tf.Scalar;
  };
  const open = arch.blocks.map(({ fields }) => tf.ones([tiles, fields * (grain === 'field' ? 1 : order)]));
  const slopes = tf.grads(loss)(open);
  return slopes.map((gates, i) => ({ moments: moments[i], gates }));
}

function addObserved(
  sums: Observed,
  moments: ArrayLike<number>,
  gates: ArrayLike<number>,
  tiles: number,
): Observed {
  const units = sums.mean.length;
  const half = (start: number) => Float64Array.from({ length: units }, (_, u) => moments[start + u]);
  const taylor = sums.taylor.slice();
  for (let i = 0; i < gates.length; i++) taylor[i % units] += Math.abs(gates[i]);
  return { ...poolMoments(sums, { mean: half(0), variance: half(units), count: tiles }), taylor };
}
