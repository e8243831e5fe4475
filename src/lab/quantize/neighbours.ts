/**
 * What a tile's neighbours in a batch do to its answer, where the dense layers count in 8-bit integers: with one range of
 * activations for the whole batch a glaring neighbour widens it for all; with one for each tile nothing of it is seen.
 */
import type { Dataset } from '../data/dataset';
import { accuracyOf } from '../evaluate/agreement';
import { decide } from '../evaluate/decide';
import { largestOf } from '../evaluate/difference';
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

/** A shared range that is so many times as wide as the tiles' own. */
export interface Widened {
  readonly times: number;
  /** Of the levels above 0, as many as the median tile's largest value reaches. */
  readonly levels: number;
  readonly accuracy: number;
  /** Tiles with another answer than where the range is their own. */
  readonly swayed: number;
}

export interface NeighbourCheck {
  /** Largest values that the first dense layer reads: of the median tile, of all tiles, of the neighbour. */
  readonly largest: { readonly median: number; readonly tiles: number; readonly neighbour: number };
  /** By a neighbour that answers ever more strongly. */
  readonly widened: readonly Widened[];
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
    const beside = others(all);
    return {
      accuracy: accuracyOf(alone, labels),
      moved: differences(alone, before),
      beside: accuracyOf(beside, labels),
      swayed: differences(beside, alone),
    };
  };
  const tops = Array.from({ length: labels.length }, (_, row) =>
    largestOf(values.subarray(row * width, (row + 1) * width)),
  ).sort((a, b) => a - b);
  const largest = {
    median: tops[Math.floor(tops.length / 2)] ?? 0,
    tiles: tops.at(-1) ?? 0,
    neighbour: largestOf(neighbour),
  };
  const shared = quantiseModel(model, { layers: 'dense', range: 'batch' });
  const own = await answersBy(quantiseModel(model, { layers: 'dense', range: 'tile' }), values);
  const widened: Widened[] = [];
  for (const times of TIMES) {
    const factor = (times * largest.tiles) / (largest.neighbour || 1);
    const louder = neighbour.map((value) => value * factor);
    const answers = others(await answersBy(shared, withNeighbour(values, width, louder)));
    widened.push({
      times,
      levels: largest.tiles > 0 ? (LEVELS * largest.median) / (times * largest.tiles) : 0,
      accuracy: accuracyOf(answers, labels),
      swayed: differences(answers, own),
    });
  }
  return {
    ...{ largest, widened },
    tiles: labels.length,
    batch: INFERENCE_BATCH,
    float: accuracyOf(before, labels),
    perTile: await rounded('tile'),
    perBatch: await rounded('batch'),
  };
}

/** How many times as wide as the tiles' own a shared range is made. */
const TIMES = [1, 2, 4, 8, 16, 32, 64] as const;
/** Above 0, of activations. */
const LEVELS = 127;

/** Answers to all but the neighbour. */
const others = (answers: Uint8Array): Uint8Array => answers.filter((_, row) => row % INFERENCE_BATCH !== 0);

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
