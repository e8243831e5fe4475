/** A network held against turned tiles (science §8): accuracy at any angle, agreement over the exact turns. */
import type { Dataset } from '../data/dataset';
import { openClassifier } from '../families/networks';
import { requireFinite } from '../finite';
import { chunks, INFERENCE_BATCH, normalisedTiles } from '../nn/batch';
import type { RunModel } from '../nn/model';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import { mapEvents, type Stage } from '../stage/events';
import { turnByDegrees } from '../symmetry/anyAngle';
import { type Agreement, accuracyOf, agreementOf } from './agreement';
import { type Decisions, decide } from './decide';
import { equivarianceErrors, type LayerError } from './equivariance';
import { QUARTERS } from './quarters';

export { QUARTERS } from './quarters';

export interface RotationCheck extends Agreement {
  readonly n: number;
  /** Accuracy at each angle asked for; angles that are no multiple of 90° are interpolated (reflected border). */
  readonly angles: readonly { readonly degrees: number; readonly accuracy: number }[];
  /** Tile by tile. */
  readonly each: {
    /** The answer at 0°: the index of a class. */
    readonly upright: Uint8Array;
    /** Which of the four quarter turns were answered rightly: a bit for each, that of 0° the lowest. */
    readonly right: Uint8Array;
  };
  /** On the first tiles of the split. */
  readonly equivarianceError: readonly LayerError[];
}

/** Tiles the equivariance error is measured on. */
export const ERROR_TILES = 8;

/** Checks a model on the chosen tiles. Agreement is always over 0°, 90°, 180° and 270°. */
export async function* rotationCheck(
  model: RunModel,
  dataset: Dataset,
  indices: Uint32Array,
  angles: readonly number[],
): Stage<RotationCheck> {
  const logits = yield* logitsAtAngles(model, dataset, indices, angles);
  return await checkOf(model, dataset, indices, angles, logits);
}

/** The logits of tiles (tiles × classes) by degrees: at the four quarter turns, and at the angles that are asked for. */
export async function* logitsAtAngles(
  model: RunModel,
  dataset: Dataset,
  indices: Uint32Array,
  angles: readonly number[],
): Stage<ReadonlyMap<number, Float32Array>> {
  const all = [...new Set([...QUARTERS, ...angles])];
  const logits = new Map<number, Float32Array>();
  for (const degrees of all) {
    const before = logits.size * indices.length;
    const found = yield* mapEvents(logitsAt(model, dataset, indices, degrees), (event) =>
      event.type === 'progress'
        ? { ...event, done: before + event.done, total: all.length * indices.length }
        : event,
    );
    logits.set(degrees, requireFinite(found, "The network's answers"));
  }
  return logits;
}

/** What the logits of `logitsAtAngles` say, and the equivariance error. */
export async function checkOf(
  model: RunModel,
  dataset: Dataset,
  indices: Uint32Array,
  angles: readonly number[],
  logits: ReadonlyMap<number, Float32Array>,
): Promise<RotationCheck> {
  const labels = Uint8Array.from(indices, (i) => dataset.labels[i]);
  const decided = new Map(
    Array.from(logits, ([degrees, rows]) => [degrees, decide(rows, model.arch.classes)] as const),
  );
  const quarters = QUARTERS.map((degrees) => decided.get(degrees)!);
  const sample = normalisedTiles(dataset, indices.subarray(0, ERROR_TILES), model.normalisation);
  return {
    n: indices.length,
    angles: angles.map((degrees) => ({
      degrees,
      accuracy: accuracyOf(decided.get(degrees)!.answers, labels),
    })),
    ...agreementOf(
      quarters.map(({ answers }) => answers),
      quarters.map(({ undecided }) => undecided),
    ),
    each: { upright: quarters[0].answers, right: rightAt(quarters, labels) },
    equivarianceError: await equivarianceErrors(model, sample),
  };
}

function rightAt(turns: readonly Decisions[], labels: Uint8Array): Uint8Array {
  return labels.map((label, tile) =>
    turns.reduce((bits, { answers }, turn) => bits | (answers[tile] === label ? 1 << turn : 0), 0),
  );
}

/** The logits of tiles turned by so many degrees: tiles × classes. */
export async function* logitsAt(
  model: RunModel,
  dataset: Dataset,
  indices: Uint32Array,
  degrees: number,
): Stage<Float32Array> {
  const { size, channels } = dataset;
  const { classes } = model.arch;
  const out = new Float32Array(indices.length * classes);
  const network = openClassifier(model);
  try {
    let done = 0;
    for (const piece of chunks(indices, INFERENCE_BATCH)) {
      const upright = normalisedTiles(dataset, piece, model.normalisation);
      const turned = turnByDegrees(upright, size, channels, degrees);
      const logits = tf.tidy(() => {
        const x = tf.tensor4d(turned, [piece.length, size, size, channels]);
        return network.logits(x);
      });
      out.set((await logits.data()) as Float32Array, done * classes);
      logits.dispose();
      done += piece.length;
      yield { type: 'progress', what: 'angles', done, total: indices.length };
      await breathe();
    }
    return out;
  } finally {
    network.dispose();
  }
}
