/**
 * What is trained from what. A problem knows its examples, which parameters get gradients, the loss of a batch
 * and the validation figures; the loop (fit.ts) knows nothing else. Three scopes, three problems:
 *   network  pictures → everything           (trunk norms from the batch)
 *   head     cached trunk features → dense1, dense2        (trunk frozen)
 *   output   cached hidden activations → dense2
 */
import type { Dataset } from '../data/dataset';
import { type Score, scoreLogits } from '../evaluate/score';
import type { BatchMoments } from '../families/family';
import type { ArchSpec } from '../families/gcnn/arch';
import { logitsOf, openHidden } from '../families/gcnn/head';
import { logitsWithDropout } from '../families/gcnn/trainee';
import { paramLayouts } from '../families/layout';
import { traineeOf } from '../families/networks';
import type { AnyArch } from '../nn/arch';
import { chunks, normalisedTiles, tileBatch } from '../nn/batch';
import type { Tensors } from '../nn/live';
import type { Normalisation, Params } from '../nn/model';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { type Augment, augmentTiles } from './augment';
import { crossEntropy } from './loss';

export interface BatchLoss {
  readonly loss: tf.Scalar;
  /** Batch moments by norm layer, for the running statistics (scope network only). */
  readonly moments: readonly BatchMoments[];
  /** What the loss has beside the task's own, before it is weighed; told epoch by epoch. */
  readonly penalty?: tf.Scalar;
}

/** The loss of training examples from their logits; `rows` are their positions among the training examples. */
export type Objective = (logits: tf.Tensor2D, rows: Uint32Array, labels: Uint8Array) => tf.Scalar;

/** The cross-entropy with the labels, smoothed or as they are; `weights` of the classes, where they do not count the same. */
export const labelObjective =
  (smoothing?: number, weights?: readonly number[]): Objective =>
  (logits, _, labels) =>
    crossEntropy(logits, labels, smoothing, weights);

const againstLabels = labelObjective();

export interface Problem {
  readonly trainable: readonly string[];
  /** Number of training examples. */
  readonly examples: number;
  /** What its examples are called, in the plural; tiles unless it says so. */
  readonly called?: string;
  /** Validation examples whose answers are told with each epoch: from their position to the name they are told by. */
  readonly watched?: ReadonlyMap<number, number> | undefined;
  /** What the loss reads beside data and parameters. Kept in checkpoints: computed anew it might differ in a bit. */
  readonly constants?: Params;
  /**
   * Differentiable loss of the given training examples; `mask` multiplies the hidden activations (dropout), `draw` gives the
   * step's random numbers for how its pictures are changed.
   */
  loss(params: Tensors, rows: Uint32Array, mask: tf.Tensor2D | null, draw: () => number): BatchLoss;
  /** Figures on the validation examples; an event between two pieces of them, so that a host can pause or stop there. */
  validate(params: Tensors): Stage<Score>;
}

const EVALUATION_BATCH = 64;

/** Training everything from pictures; by default against their labels. */
export function pictureProblem(
  arch: AnyArch,
  dataset: Dataset,
  normalisation: Normalisation,
  train: Uint32Array,
  validation: Uint32Array,
  objective: Objective = againstLabels,
  augment?: Augment,
): Problem {
  const trainee = traineeOf(arch);
  return {
    trainable: trainedParams(arch).map(({ name }) => name),
    examples: train.length,
    loss: (params, rows, mask, draw) => {
      const indices = rows.map((row) => train[row]);
      const x = augment
        ? changedBatch(dataset, indices, normalisation, augment, draw)
        : tileBatch(dataset, indices, normalisation);
      const { logits, moments } = trainee.train(params, x, mask);
      return { loss: objective(logits, rows, labelsOf(dataset, indices)), moments };
    },
    validate: async function* (params) {
      const network = trainee.open(params);
      try {
        const logits = yield* logitsInPieces(validation, (piece) =>
          network.logits(tileBatch(dataset, piece, normalisation)),
        );
        return scoreLogits(logits, labelsOf(dataset, validation));
      } finally {
        network.dispose();
      }
    },
  };
}

function changedBatch(
  dataset: Dataset,
  indices: Uint32Array,
  normalisation: Normalisation,
  augment: Augment,
  draw: () => number,
): tf.Tensor4D {
  const { size, channels } = dataset;
  const tiles = normalisedTiles(dataset, indices, normalisation);
  const changed = augmentTiles(tiles, dataset, augment, normalisation, draw);
  return tf.tensor4d(changed, [indices.length, size, size, channels]);
}

const trainedParams = (arch: AnyArch) => paramLayouts(arch).filter(({ role }) => role === 'trained');

/** Rows of numbers with a label each: cached features or hidden activations. */
export interface Examples {
  /** rows × width */
  readonly values: Float32Array;
  readonly width: number;
  readonly labels: Uint8Array;
}

/** Training both dense layers from cached trunk features; dropout as in full training. */
export function headProblem(
  arch: ArchSpec,
  train: Examples,
  validation: Examples,
  objective: Objective = againstLabels,
): Problem {
  return {
    trainable: trainedParams(arch)
      .filter(({ head }) => head)
      .map(({ name }) => name),
    examples: train.labels.length,
    loss: (params, rows, mask) => ({
      loss: objective(
        logitsWithDropout(arch, params, rowsTensor(train, rows), mask, 'input'),
        rows,
        pick(train.labels, rows),
      ),
      moments: [],
    }),
    validate: async function* (params) {
      const first = openHidden(arch, params);
      try {
        return yield* validateRows(validation, (inputs) => logitsOf(params, first.hidden(inputs)));
      } finally {
        first.dispose();
      }
    },
  };
}

/** Training the last layer from cached hidden activations. */
export function outputProblem(
  train: Examples,
  validation: Examples,
  objective: Objective = againstLabels,
): Problem {
  return {
    trainable: ['dense2.weight', 'dense2.bias'],
    examples: train.labels.length,
    loss: (params, rows) => ({
      loss: objective(
        logitsOf(params, rowsTensor(train, rows), { constant: 'input' }),
        rows,
        pick(train.labels, rows),
      ),
      moments: [],
    }),
    validate: (params) => validateRows(validation, (hidden) => logitsOf(params, hidden)),
  };
}

async function* validateRows(
  examples: Examples,
  logitsFor: (rows: tf.Tensor2D) => tf.Tensor2D,
): Stage<Score> {
  const all = Uint32Array.from(examples.labels, (_, i) => i);
  const logits = yield* logitsInPieces(all, (piece) => logitsFor(rowsTensor(examples, piece)));
  return scoreLogits(logits, examples.labels);
}

/** The logits of examples, piece by piece, with an event between two. */
async function* logitsInPieces(
  examples: Uint32Array,
  logitsOf: (piece: Uint32Array) => tf.Tensor2D,
): Stage<Float32Array> {
  const logits: Float32Array[] = [];
  let done = 0;
  for (const piece of chunks(examples, EVALUATION_BATCH)) {
    const batch = tf.tidy(() => logitsOf(piece));
    logits.push((await batch.data()) as Float32Array);
    batch.dispose();
    done += piece.length;
    if (done === examples.length) break;
    yield { type: 'progress', what: 'validation', done, total: examples.length };
    await breathe();
  }
  return joinArrays(logits);
}

/** The chosen rows as a tensor [rows, width]. */
export function rowsTensor(
  { values, width }: Pick<Examples, 'values' | 'width'>,
  rows: Uint32Array,
): tf.Tensor2D {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return tf.tensor2d(out, [rows.length, width]);
}

function pick(labels: Uint8Array, rows: Uint32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => labels[row]);
}

export function labelsOf(dataset: Dataset, indices: Uint32Array): Uint8Array {
  return pick(dataset.labels, indices);
}

/** Float arrays one after the other. */
export function joinArrays(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
