/** From a dataset's bytes to the normalised float batches that networks read. */
import type { Dataset } from '../data/dataset';
import * as tf from '../runtime/tf';
import type { Element } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import type { Normalisation } from './model';

/** Tiles per forward pass when evaluating; where an int8 network finds its ranges per batch, over this many. */
export const INFERENCE_BATCH = 32;

/** Normalised tiles [N, S, S, channels], each turned by `turn` first (exactly: a permutation of pixels). */
export function tileBatch(
  dataset: Dataset,
  indices: ArrayLike<number>,
  normalisation: Normalisation,
  turn?: Element,
): tf.Tensor4D {
  const { size, channels } = dataset;
  const upright = normalisedTiles(dataset, indices, normalisation);
  const tiles = turn ? turnPictures(upright, size, channels, turn) : upright;
  return tf.tensor4d(tiles, [indices.length, size, size, channels]);
}

/** (pixel/255 − mean)/std of the chosen tiles as one array [N × S × S × channels]. */
export function normalisedTiles(
  { size, channels, pixels }: Pick<Dataset, 'size' | 'channels' | 'pixels'>,
  indices: ArrayLike<number>,
  { mean, std }: Normalisation,
): Float32Array {
  const perTile = size * size * channels;
  const out = new Float32Array(indices.length * perTile);
  // A pixel has one of 256 values: what becomes of each is asked once.
  const levels = Float32Array.from({ length: 256 * channels }, (_, i) => {
    const channel = i >> 8;
    return ((i & 255) / 255 - mean[channel]) / std[channel];
  });
  for (let n = 0; n < indices.length; n++) {
    const from = indices[n] * perTile;
    const tile = pixels.subarray(from, from + perTile);
    const to = out.subarray(n * perTile, (n + 1) * perTile);
    for (let c = 0; c < channels; c++) {
      const levelsOf = levels.subarray(c << 8, (c + 1) << 8);
      for (let i = c; i < perTile; i += channels) to[i] = levelsOf[tile[i]];
    }
  }
  return out;
}

/** `indices` in consecutive pieces of at most `size`. */
export function* chunks(indices: Uint32Array, size: number): Generator<Uint32Array> {
  for (let start = 0; start < indices.length; start += size) yield indices.subarray(start, start + size);
}
