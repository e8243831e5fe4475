/**
 * What a tile's neighbours in a batch do to its answer, where the dense layers count in 8-bit integers: with one range of
 * activations for the whole batch a glaring neighbour widens it for all; with one for each tile nothing of it is seen.
 */
import type { Dataset } from '../data/dataset';
import { accuracyOf } from '../evaluate/agreement';
import { decide } from '../evaluate/decide';
import { featuresOf, logitsFromFeatures } from '../evaluate/features';
import { INFERENCE_BATCH } from '../nn/batch';
import type { Stage } from '../stage/events';
import { quantiseModel } from './quantise';

type Network = Parameters<typeof logitsFromFeatures>[0];

/** A network, and what its convolutions answer to some tiles. */
export interface Answered {
  readonly model: Network;
  readonly dataset: Dataset;
  /** Upright: tiles × width head inputs. */
  readonly values: Float32Array;
  readonly width: number;
  readonly labels: ArrayLike<number>;
}

export interface Rounded {
  readonly accuracy: number;
  /** Tiles with another answer than before rounding. */
  readonly moved: number;
  /** With a glaring neighbour in every batch. */
  readonly beside: number;
  /** Tiles with another answer than without it. */
  readonly swayed: number;
}

export interface NeighbourCheck {
  readonly tiles: number;
  /** Tiles of a batch, the neighbour among them. */
  readonly batch: number;
  /** Accuracy before rounding. */
  readonly float: number;
  readonly perTile: Rounded;
  readonly perBatch: Rounded;
}

export async function* neighbourCheck({
  model,
  dataset,
  values,
  width,
  labels,
}: Answered): Stage<NeighbourCheck> {
  const { classes } = model.arch;
  const neighbour = yield* featuresOf(model, glaring(dataset), Uint32Array.of(0));
  const answersBy = async (network: Network, rows: Float32Array) =>
    decide(await logitsFromFeatures(network, rows), classes).answers;
  const before = await answersBy(model, values);
  const differences = (a: Uint8Array, b: Uint8Array) => a.filter((answer, i) => answer !== b[i]).length;
  const rounded = async (range: 'tile' | 'batch'): Promise<Rounded> => {
    const network = quantiseModel(model, { layers: 'dense', range });
    const alone = await answersBy(network, values);
    const all = await answersBy(network, withNeighbour(values, width, neighbour));
    const beside = all.filter((_, row) => row % INFERENCE_BATCH !== 0);
    return {
      accuracy: accuracyOf(alone, labels),
      moved: differences(alone, before),
      beside: accuracyOf(beside, labels),
      swayed: differences(beside, alone),
    };
  };
  return {
    tiles: labels.length,
    batch: INFERENCE_BATCH,
    float: accuracyOf(before, labels),
    perTile: await rounded('tile'),
    perBatch: await rounded('batch'),
  };
}

/** The neighbour as the first of every batch. */
function withNeighbour(values: Float32Array, width: number, neighbour: Float32Array): Float32Array {
  const others = INFERENCE_BATCH - 1;
  const tiles = values.length / width;
  const out: number[] = [];
  for (let start = 0; start < tiles; start += others) {
    out.push(...neighbour);
    for (const value of values.subarray(start * width, (start + others) * width)) out.push(value);
  }
  return Float32Array.from(out);
}

/** One tile of black and white stripes, as harsh as pixels can be. */
function glaring({ size, channels, ...dataset }: Dataset): Dataset {
  const pixels = Uint8Array.from({ length: size * size * channels }, (_, i) =>
    Math.floor(i / channels / size) % 2 === 0 ? 255 : 0,
  );
  return { ...dataset, size, channels, count: 1, pixels, labels: Uint8Array.of(0), keys: ['glaring'] };
}
