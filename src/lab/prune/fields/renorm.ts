/**
 * Norm re-estimation: the running means and variances of all norms anew from training tiles, the alternative to mean
 * compensation (a bias before a norm vanishes when the norm is re-estimated). Batch moments are put together as those
 * of the whole (Wu & Johnson 2021, "Rethinking 'batch' in BatchNorm", PreciseBN), every batch normalised by itself.
 */
import type { Dataset } from '../../data/dataset';
import type { GcnnModel } from '../../families/gcnn/model';
import { trainTrunk } from '../../families/gcnn/trunk';
import { requireFinite } from '../../finite';
import { chunks, INFERENCE_BATCH, tileBatch } from '../../nn/batch';
import { uploadParams } from '../../nn/live';
import { type Param, requireFloat } from '../../nn/model';
import { breathe } from '../../runtime/breathe';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';
import { type MomentSums, noMoments, poolMoments } from '../units/statistics';

/** The model with its norms' running statistics taken from the given tiles. Throws `BadInput` for one in integers. */
export async function* reestimateNorms(
  model: GcnnModel,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<GcnnModel> {
  requireFloat(model);
  const { arch, normalisation } = model;
  const sums: MomentSums[] = arch.blocks.map(({ fields }) => noMoments(fields));
  const params = uploadParams(model.params);
  try {
    let done = 0;
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const batch = tf.tidy(() => {
        const { moments } = trainTrunk(arch, params, tileBatch(dataset, piece, normalisation));
        return moments.map(({ mean, variance }) => tf.concat([mean, variance]));
      });
      const counts = await Promise.all(
        batch.map(async (each) =>
          requireFinite((await each.data()) as Float32Array, 'The norms of the network'),
        ),
      );
      tf.dispose(batch);
      counts.forEach((values, i) => {
        const fields = arch.blocks[i].fields;
        sums[i] = poolMoments(sums[i], {
          mean: Float64Array.from(values.subarray(0, fields)),
          variance: Float64Array.from(values.subarray(fields)),
          count: piece.length,
        });
      });
      done += piece.length;
      yield { type: 'progress', what: 'norms', done, total: tiles.length };
      await breathe();
    }
  } finally {
    tf.dispose(Object.values(params));
  }
  const replaced: Record<string, Param> = { ...model.params };
  sums.forEach(({ mean, variance }, i) => {
    const shape = [mean.length];
    replaced[`norm${i + 1}.mean`] = { shape, data: Float32Array.from(mean) };
    replaced[`norm${i + 1}.variance`] = { shape, data: Float32Array.from(variance) };
  });
  return { ...model, params: replaced };
}
