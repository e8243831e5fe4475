/** What each hidden neuron responds to and what it says in turn, worked out beforehand, for whoever points at one. */
import { takeChannels } from '../../data/bands';
import type { Dataset } from '../../data/dataset';
import { boxAverage, pixelsOf } from '../../data/tiles';
import { colourChannels } from '../../pictures/bands';
import type { Study } from './study';

/** Tiles shown of each neuron. */
export const TOP_TILES = 6;
/** Pictures kept at most, and their largest side in pixels: 2,000 × 32 × 32 × 3 bytes are 6 MB. */
const MOST_THUMBS = 2000;
const THUMB_SIDE = 32;

export interface Neurons {
  /** By unit: mean and population variance of the activation on the training tiles. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** units × TOP_TILES: the validation tiles (rows of the study) with the largest activations, −1 where none is left above 0. */
  readonly topTiles: Int32Array;
  /** units × TOP_TILES: their activations. */
  readonly topActivations: Float32Array;
  /** units × classes: mean activation on the validation tiles of a class, NaN where it has none. */
  readonly classMeans: Float64Array;
  /** units × classes: what an activation of 1 adds to each logit; null where the next layer is not the last. */
  readonly weights: Float32Array | null;
  /** Class of each validation tile. */
  readonly labels: Uint8Array;
  readonly thumbs: Thumbs;
}

/** Small pictures, in rows. */
export interface Pictures {
  readonly size: number;
  /** 3, colours, or 1, grey: of bands those that show red, green and blue. */
  readonly channels: number;
  /** rows × size × size × channels. */
  readonly pixels: Uint8Array;
}

/** Small pictures of the tiles that are among the top of some unit. */
export interface Thumbs extends Pictures {
  /** By validation tile: its row in `pixels`, −1 where it has none. */
  readonly rows: Int32Array;
}

/** hidden: activations (tiles × units) of the study's validation tiles, upright. */
export function neuronsOf(study: Study, hidden: Float32Array): Neurons {
  const { model, statistics, turns, tiles, dataset } = study;
  const { labels } = turns[0];
  const [units, classes] = model.params['dense2.weight'].shape;
  const top = topOf(hidden, units);
  return {
    mean: statistics.mean,
    variance: statistics.variance,
    ...top,
    classMeans: classMeansOf(hidden, labels, units, classes),
    weights: model.params['dense2.weight'].data,
    labels,
    thumbs: thumbsFor(dataset, tiles, top.topTiles, units),
  };
}

/** The largest positive activations of each unit, the earlier tile first among equals. activations: tiles × units. */
export function topOf(
  activations: Float32Array,
  units: number,
): Pick<Neurons, 'topTiles' | 'topActivations'> {
  const topTiles = new Int32Array(units * TOP_TILES).fill(-1);
  const topActivations = new Float32Array(units * TOP_TILES);
  const tiles = activations.length / units;
  for (let t = 0; t < tiles; t++) {
    for (let u = 0; u < units; u++) {
      const value = activations[t * units + u];
      const last = (u + 1) * TOP_TILES - 1;
      if (!(value > topActivations[last])) continue;
      let at = last;
      for (; at > u * TOP_TILES && topActivations[at - 1] < value; at--) {
        topActivations[at] = topActivations[at - 1];
        topTiles[at] = topTiles[at - 1];
      }
      topActivations[at] = value;
      topTiles[at] = t;
    }
  }
  return { topTiles, topActivations };
}

/** units × classes: mean activation by class. activations: tiles × units. */
export function classMeansOf(
  activations: Float32Array,
  labels: Uint8Array,
  units: number,
  classes: number,
): Float64Array {
  const sums = new Float64Array(units * classes);
  const counts = new Uint32Array(classes);
  labels.forEach((label, t) => {
    counts[label]++;
    for (let u = 0; u < units; u++) sums[u * classes + label] += activations[t * units + u];
  });
  return sums.map((sum, i) => sum / counts[i % classes]);
}

/** Distinct top tiles, ascending; where they are too many, the first of every unit before the second of any. */
function mostWanted(topTiles: Int32Array, units: number): Uint32Array {
  const wanted = new Set<number>();
  for (let rank = 0; rank < TOP_TILES; rank++) {
    for (let u = 0; u < units && wanted.size < MOST_THUMBS; u++) {
      const tile = topTiles[u * TOP_TILES + rank];
      if (tile >= 0) wanted.add(tile);
    }
  }
  return Uint32Array.from(wanted).sort();
}

/** Pictures of those among the given tiles (dataset indices) that are a unit's top, their sides divided evenly to fit. */
export function thumbsFor(dataset: Dataset, tiles: Uint32Array, topTiles: Int32Array, units: number): Thumbs {
  const wanted = mostWanted(topTiles, units);
  const rows = new Int32Array(tiles.length).fill(-1);
  wanted.forEach((tile, row) => {
    rows[tile] = row;
  });
  return {
    rows,
    ...picturesOf(
      dataset,
      wanted.map((tile) => tiles[tile]),
      THUMB_SIDE,
    ),
  };
}

/** Pictures of tiles (dataset indices), their sides divided evenly to be at most `most` pixels. */
export function picturesOf(dataset: Dataset, tiles: Uint32Array, most: number): Pictures {
  const { size: side } = dataset;
  const places = dataset.bands ? colourChannels(dataset) : null;
  const channels = places?.length ?? dataset.channels;
  const k = reduction(side, most);
  const size = side / k;
  const pixels = new Uint8Array(tiles.length * size * size * channels);
  tiles.forEach((tile, row) => {
    const all = pixelsOf(dataset, tile);
    const picture = places ? takeChannels(all, dataset.channels, places) : all;
    pixels.set(boxAverage(picture, side, side, channels, k), row * size * size * channels);
  });
  return { size, channels, pixels };
}

/** The smallest divisor that brings a side down to `most`; 1 where that would leave next to nothing (a prime). */
function reduction(side: number, most: number): number {
  let k = Math.ceil(side / most);
  while (side % k !== 0) k++;
  return side / k < most / 4 && side > most ? 1 : k;
}
