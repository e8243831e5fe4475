/**
 * What each unit of a network from elsewhere answers to a whole tile, as one number: the largest that the first layer to read
 * it reads, over all positions and orientations.
 */
import type { Dataset } from '../../data/dataset';
import { bundlesOf } from '../../families/imported/channels';
import type { ImportedModel } from '../../families/imported/model';
import { openRunning } from '../../families/imported/network';
import { chunks, INFERENCE_BATCH, tileBatch } from '../../nn/batch';
import { breathe } from '../../runtime/breathe';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';

/** tiles × units, numbered through all bundles. */
export async function* filterResponses(
  model: ImportedModel,
  dataset: Dataset,
  tiles: Uint32Array,
): Stage<Float32Array> {
  const bundles = bundlesOf(model.arch);
  const units = bundles.reduce((sum, bundle) => sum + bundle.units, 0);
  const first = new Map(bundles.map((bundle, i) => [bundle.readers[0].layer, { i, ...bundle.readers[0] }]));
  const out = new Float32Array(tiles.length * units);
  const network = openRunning(model);
  let done = 0;
  try {
    for (const piece of chunks(tiles, INFERENCE_BATCH)) {
      const largest: tf.Tensor[] = bundles.map(() => tf.scalar(0));
      tf.tidy(() => {
        network.logits(tileBatch(dataset, piece, model.normalisation), {
          read: ({ name }, value) => {
            const reader = first.get(name);
            if (!reader) return value;
            const { i, each } = reader;
            const count = bundles[i].units;
            const before = value.size / (piece.length * count * each);
            const apart = tf.reshape(value, [piece.length, before, count, each]);
            largest[i].dispose();
            largest[i] = tf.keep(tf.max(apart, [1, 3]));
            return value;
          },
        });
      });
      let start = 0;
      for (const [i, tensor] of largest.entries()) {
        const values = await tensor.data();
        tensor.dispose();
        const count = bundles[i].units;
        for (let tile = 0; tile < piece.length; tile++)
          for (let u = 0; u < count; u++) out[(done + tile) * units + start + u] = values[tile * count + u];
        start += count;
      }
      done += piece.length;
      yield { type: 'progress', what: 'activations', done, total: tiles.length };
      await breathe();
    }
    return out;
  } finally {
    network.dispose();
  }
}
