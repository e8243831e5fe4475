/** A file held against the lab's own network, picture by picture, and against turned pictures. */
import { pixelsOf, tileLength } from '../../data/tiles';
import { type Agreement, agreementOf } from '../../evaluate/agreement';
import { decide } from '../../evaluate/decide';
import { largestDifference } from '../../evaluate/difference';
import { type ClassFigures, confusionOf, perClassOf } from '../../evaluate/report/confusion';
import { openClassifier } from '../../families/networks';
import { INFERENCE_BATCH, normalisedTiles } from '../../nn/batch';
import type { Model } from '../../nn/model';
import { breathe } from '../../runtime/breathe';
import * as tf from '../../runtime/tf';
import type { Stage } from '../../stage/events';
import { QUARTER_TURNS } from '../../symmetry/group';
import { turnPictures } from '../../symmetry/turn';
import type { OnnxChoices } from './choices';
import type { OnnxNetwork } from './onnx';
import { type LoadRuntime, openOnnx, runtimeVersion } from './runtime';
import type { FileSession } from './session';

/** Pictures as bytes, as those of a data set. */
export interface Pictures {
  readonly size: number;
  readonly channels: number;
  readonly count: number;
  readonly pixels: Uint8Array;
  /** Class of each; absent of pictures that are made up. */
  readonly labels?: ArrayLike<number>;
}

export interface FileComparison {
  readonly tiles: number;
  /** The largest difference of a logit from the lab's, as a share of the range of the lab's. */
  readonly largestDifference: number;
  /** Tiles whose largest logit is another one. */
  readonly answersThatDiffer: number;
  /** Of those: too close to call by the lab's own logits. */
  readonly undecided: number;
  /** The same of the network before it was rounded to integers, where it was. */
  readonly differFromFloats: number | null;
  /** The file's answers at the four quarter turns. */
  readonly turns: Agreement;
  /** How the file itself does on these tiles, class by class; null where they have none. */
  readonly perClass: readonly ClassFigures[] | null;
  /** What ran it, with its version. */
  readonly runtime: string;
  /** The median of its runs, for one tile. */
  readonly milliseconds: number;
}

/**
 * Runs file and network on the chosen pictures, upright, and the file at all quarter turns.
 *
 * @param floats the network before it was rounded.
 */
export async function* compareOnnx(
  model: Model,
  network: OnnxNetwork,
  choices: OnnxChoices,
  pictures: Pictures,
  chosen: Uint32Array,
  load: LoadRuntime,
  floats?: Model,
): Stage<FileComparison> {
  const runtime = `ONNX Runtime ${await runtimeVersion(load)}`;
  const session = await openOnnx(load, network);
  return yield* compareFile(model, session, runtime, choices, pictures, chosen, floats);
}

/** The same of any file that is open; it is released. runtime: what runs it; channels: where those of normalised floats lie. */
export async function* compareFile(
  model: Model,
  session: FileSession,
  runtime: string,
  { batch, preprocessing, channels = 'first' }: OnnxChoices & { readonly channels?: 'first' | 'last' },
  pictures: Pictures,
  chosen: Uint32Array,
  floats?: Model,
): Stage<FileComparison> {
  const { classes } = model.arch;
  const own = openClassifier(model);
  const before = floats && openClassifier(floats);
  const found = [0, 1, 2, 3].map(() => new Float32Array(chosen.length * classes));
  const expected = new Float32Array(chosen.length * classes);
  const unrounded = new Float32Array(before ? chosen.length * classes : 0);
  const times: number[] = [];
  try {
    // With one range for a batch, answers depend on who is in it: both are given the same.
    const pieces = batches(chosen, batch);
    for (const [done, piece] of pieces.entries()) {
      const first = done * pieces[0].length;
      const at = first * classes;
      const kept = Math.min(piece.length, chosen.length - first) * classes;
      expected.set((await labLogits(own, model, pictures, piece)).subarray(0, kept), at);
      if (before) unrounded.set((await labLogits(before, model, pictures, piece)).subarray(0, kept), at);
      for (const [i, turn] of QUARTER_TURNS.entries()) {
        const input = inputOf(model, pictures, piece, turn, preprocessing, channels);
        const start = performance.now();
        found[i].set((await session.run(input, piece.length)).subarray(0, kept), at);
        times.push((performance.now() - start) / piece.length);
      }
      yield { type: 'progress', what: runtime, done: done + 1, total: pieces.length };
      await breathe();
    }
  } finally {
    own.dispose();
    before?.dispose();
    await session.release();
  }
  const turned = found.map((logits) => decide(logits, classes));
  const lab = decide(expected, classes);
  const differencesTo = (answers: Uint8Array) =>
    answers.map((answer, i) => (answer === turned[0].answers[i] ? 0 : 1));
  const differs = differencesTo(lab.answers);
  const { labels: known } = pictures;
  const labels = known ? Array.from(chosen, (tile) => known[tile]) : null;
  return {
    tiles: chosen.length,
    largestDifference: differenceOf(found[0], expected),
    answersThatDiffer: sum(differs),
    undecided: sum(differs.map((flag, i) => flag * lab.undecided[i])),
    differFromFloats: before ? sum(differencesTo(decide(unrounded, classes).answers)) : null,
    turns: agreementOf(
      turned.map(({ answers }) => answers),
      turned.map(({ undecided }) => undecided),
    ),
    perClass: labels && perClassOf(confusionOf(labels, turned[0].answers, classes)),
    runtime,
    milliseconds: times.sort((a, b) => a - b)[Math.floor(times.length / 2)],
  };
}

/** In pieces of a file's batch, the last one filled up from the front; or, where it is free, of the lab's own. */
function batches(chosen: Uint32Array, batch: number | null): Uint32Array[] {
  const length = batch ?? Math.min(INFERENCE_BATCH, chosen.length);
  return Array.from({ length: Math.ceil(chosen.length / length) }, (_, piece) =>
    batch === null
      ? chosen.subarray(piece * length, (piece + 1) * length)
      : Uint32Array.from({ length }, (_, i) => chosen[(piece * length + i) % chosen.length]),
  );
}

async function labLogits(
  network: ReturnType<typeof openClassifier>,
  model: Model,
  pictures: Pictures,
  piece: Uint32Array,
): Promise<Float32Array> {
  const { size, channels } = pictures;
  const values = normalisedTiles(pictures, piece, model.normalisation);
  const logits = tf.tidy(() => network.logits(tf.tensor4d(values, [piece.length, size, size, channels])));
  try {
    return (await logits.data()) as Float32Array;
  } finally {
    logits.dispose();
  }
}

/** Pictures as a file reads them. */
export function inputOf(
  model: Model,
  pictures: Pictures,
  piece: Uint32Array,
  turn: (typeof QUARTER_TURNS)[number],
  preprocessing: OnnxChoices['preprocessing'],
  order: 'first' | 'last' = 'first',
): Uint8Array | Float32Array {
  const { size, channels } = pictures;
  const perTile = tileLength(pictures);
  if (preprocessing === 'inside') {
    const chosen = new Uint8Array(piece.length * perTile);
    for (const [i, tile] of piece.entries()) chosen.set(pixelsOf(pictures, tile), i * perTile);
    return turnPictures(chosen, size, channels, turn);
  }
  const values = turnPictures(normalisedTiles(pictures, piece, model.normalisation), size, channels, turn);
  return order === 'last' ? values : channelsFirst(values, size ** 2, channels);
}

/** [N, positions, channels] → [N, channels, positions] */
function channelsFirst(values: Float32Array, positions: number, channels: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const [tile, rest] = [Math.floor(i / (positions * channels)), i % (positions * channels)];
    const [position, channel] = [Math.floor(rest / channels), rest % channels];
    out[(tile * channels + channel) * positions + position] = values[i];
  }
  return out;
}

function differenceOf(found: Float32Array, expected: Float32Array): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of expected) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return largestDifference(found, expected) / (high - low);
}

const sum = (values: Uint8Array): number => values.reduce((a, b) => a + b, 0);
