/** A network on the same tiles at the four quarter turns: what every pruned one is measured by. */
import type { Dataset } from '../data/dataset';
import { openClassifier } from '../families/networks';
import { requireFinite } from '../finite';
import { chunks, INFERENCE_BATCH, tileBatch } from '../nn/batch';
import type { RunModel } from '../nn/model';
import { breathe } from '../runtime/breathe';
import * as tf from '../runtime/tf';
import type { Stage } from '../stage/events';
import { type Element, QUARTER_TURNS } from '../symmetry/group';
import { type Agreement, accuracyOf, agreementOf } from './agreement';
import { decide } from './decide';
import { relativeDifference } from './difference';

export interface TurnCheck extends Agreement {
  /** Accuracy, upright. */
  readonly accuracy: number;
  /** Accuracy at the four quarter turns. */
  readonly turned: readonly number[];
  /** Equivariance error of the logits over the quarter turns: largest difference / largest logit. */
  readonly error: number;
  /** The tiles that are watched, each with its answers by turn; absent where none are. */
  readonly watched?: readonly (readonly [tile: number, answers: readonly number[]])[];
}

/** logits: tiles × classes at each turn, upright first. labels: the tiles' classes. watched: rows whose answers are told, with their tiles. */
export function checkTurns(
  logits: readonly Float32Array[],
  labels: ArrayLike<number>,
  classes: number,
  watched?: ReadonlyMap<number, number>,
): TurnCheck {
  const decided = logits.map((each) => decide(each, classes));
  const turned = decided.map(({ answers }) => accuracyOf(answers, labels));
  const agreement = agreementOf(
    decided.map(({ answers }) => answers),
    decided.map(({ undecided }) => undecided),
  );
  const error = Math.max(...logits.slice(1).map((each) => relativeDifference(each, logits[0])));
  const told =
    watched &&
    Array.from(watched, ([row, tile]) => [tile, decided.map(({ answers }) => answers[row])] as const);
  return { accuracy: turned[0], turned, ...agreement, error, ...(told && { watched: told }) };
}

/** Runs a network of whatever family over tiles at each turn: tiles × classes, upright first. */
export async function* turnedLogits(
  model: RunModel,
  dataset: Dataset,
  tiles: Uint32Array,
  turns: readonly Element[] = QUARTER_TURNS,
): Stage<Float32Array[]> {
  const { classes } = model.arch;
  const total = turns.length * tiles.length;
  const network = openClassifier(model);
  let done = 0;
  try {
    const all: Float32Array[] = [];
    for (const turn of turns) {
      const out = new Float32Array(tiles.length * classes);
      let at = 0;
      for (const piece of chunks(tiles, INFERENCE_BATCH)) {
        const logits = tf.tidy(() => network.logits(tileBatch(dataset, piece, model.normalisation, turn)));
        out.set(requireFinite((await logits.data()) as Float32Array, 'What the network answers'), at);
        logits.dispose();
        at += piece.length * classes;
        done += piece.length;
        yield { type: 'progress', what: 'angles', done, total };
        await breathe();
      }
      all.push(out);
    }
    return all;
  } finally {
    network.dispose();
  }
}
