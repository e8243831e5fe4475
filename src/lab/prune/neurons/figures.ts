/** The figures of every slider position: the four turns advance along the curve together, so each costs one look. */
import { accuracyOf, agreementOf } from '../../evaluate/agreement';
import { decide } from '../../evaluate/decide';
import { largestDifference, largestOf } from '../../evaluate/difference';
import type { GcnnModel } from '../../families/gcnn/model';
import type { Compensation } from './compensate';
import { curveSteps } from './curve';
import type { ActivationStatistics } from './statistics';
import { WatchedAnswers } from './watched';

/** Indexed by the number k of neurons kept, 0 … units. */
export interface CurveFigures {
  /** Accuracy by quarter turn and k. */
  readonly accuracy: readonly Float64Array[];
  /** Decided tiles that change their answer with some turn. */
  readonly changed: Uint32Array;
  /** Tiles too close to call at some turn. */
  readonly undecided: Uint32Array;
  /** Largest |logits(turned) − logits| / largest |logits| over tiles, classes and quarter turns. */
  readonly error: Float64Array;
  /** Answers to the watched tiles at each turn and k (`answerAt`, watched.ts). */
  readonly watched: Uint8Array;
}

/**
 * hidden: activations (tiles × units) at each turn, upright first; watched: rows of them whose answers are told. Yields after each
 * position, and returns at the end.
 */
export function* curveFigures(
  model: GcnnModel,
  hidden: readonly Float32Array[],
  order: Uint32Array,
  compensation: Compensation,
  statistics: ActivationStatistics,
  labels: Uint8Array,
  watched: Uint32Array = new Uint32Array(),
): Generator<void, CurveFigures> {
  const [units, classes] = model.params['dense2.weight'].shape;
  const accuracy = hidden.map(() => new Float64Array(units + 1));
  const changed = new Uint32Array(units + 1);
  const undecided = new Uint32Array(units + 1);
  const error = new Float64Array(units + 1);
  const told = new WatchedAnswers(units, watched);
  for (const { kept, logits } of curveSteps(model, hidden, order, compensation, statistics)) {
    const decided = logits.map((each) => decide(each, classes));
    const answers = decided.map((each) => each.answers);
    told.take(kept, decided);
    const agreement = agreementOf(
      answers,
      decided.map((each) => each.undecided),
    );
    answers.forEach((each, turn) => {
      accuracy[turn][kept] = accuracyOf(each, labels);
    });
    changed[kept] = agreement.changed;
    undecided[kept] = agreement.undecided;
    const [upright, ...turned] = logits;
    const largest = largestOf(upright) || 1;
    for (const each of turned)
      error[kept] = Math.max(error[kept], largestDifference(each, upright) / largest);
    yield;
  }
  return { accuracy, changed, undecided, error, watched: told.values };
}
