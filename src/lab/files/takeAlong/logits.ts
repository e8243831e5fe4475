/** What a network makes of a single picture. */

import { openClassifier } from '../../families/networks';
import { requireFinite } from '../../finite';
import { normalisedTiles } from '../../nn/batch';
import type { Model } from '../../nn/model';
import * as tf from '../../runtime/tf';

/** The logits of one picture (size × size × channels bytes) by itself, on the engine that runs. */
export async function logitsOfPicture(model: Model, pixels: Uint8Array): Promise<number[]> {
  const { size, channels } = model.arch.input;
  const network = openClassifier(model);
  const tile = normalisedTiles({ size, channels, pixels }, [0], model.normalisation);
  const logits = tf.tidy(() => network.logits(tf.tensor4d(tile, [1, size, size, channels])));
  try {
    return Array.from(requireFinite((await logits.data()) as Float32Array, "The network's answers"));
  } finally {
    logits.dispose();
    network.dispose();
  }
}
