/** A picture made by a formula, and what a network says of it: who runs a network elsewhere can see that it is right. */
import { normalisedTiles } from '../nn/batch';
import type { Model } from '../nn/model';
import { openNetwork } from '../nn/network';
import * as tf from '../runtime/tf';

/** The formula in the notation of Python and of JavaScript: y down, x to the right, c the channel, all from 0. */
export const PATTERN = '(7*x*x + 13*y + 5*x*y + 61*c) % 256';

/** size × size × channels bytes. */
export function patternPixels(size: number, channels: number): Uint8Array {
  const pixels = new Uint8Array(size * size * channels);
  let at = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < channels; c++) pixels[at++] = (7 * x * x + 13 * y + 5 * x * y + 61 * c) % 256;
    }
  }
  return pixels;
}

/** The logits of one picture (size × size × channels bytes) by itself, on the engine that runs. */
export async function logitsOfPicture(model: Model, pixels: Uint8Array): Promise<number[]> {
  const { size, channels } = model.arch.input;
  const network = openNetwork(model);
  const tile = normalisedTiles({ size, channels, pixels }, [0], model.normalisation);
  const logits = tf.tidy(() =>
    network.logits(network.hidden(network.features(tf.tensor4d(tile, [1, size, size, channels])))),
  );
  try {
    return Array.from(await logits.data());
  } finally {
    logits.dispose();
    network.dispose();
  }
}
