/** One picture of the reader's own, at the four quarter turns. */

import { openClassifier } from '../families/networks';
import { normalisedTiles } from '../nn/batch';
import type { AnyModel } from '../nn/model';
import * as tf from '../runtime/tf';
import { QUARTER_TURNS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { decide } from './decide';
import { probabilityOf } from './softmax';

export interface TurnAnswer {
  /** 0, 90, 180 or 270, counter-clockwise. */
  readonly degrees: number;
  readonly answer: string;
  /** Softmax probability of the answer. */
  readonly probability: number;
  /** Whether the two best answers are too close to call. */
  readonly undecided: boolean;
}

/** A network's answers for one tile (size × size × 3 bytes) at the four quarter turns. */
export async function answersAtTurns(model: AnyModel, tile: Uint8Array): Promise<TurnAnswer[]> {
  const { size, channels } = model.arch.input;
  const upright = normalisedTiles({ size, channels, pixels: tile }, [0], model.normalisation);
  const network = openClassifier(model);
  try {
    const stack = new Float32Array(4 * upright.length);
    QUARTER_TURNS.forEach((turn, i) => {
      stack.set(turnPictures(upright, size, channels, turn), i * upright.length);
    });
    const rows = tf.tidy(() => {
      const x = tf.tensor4d(stack, [4, size, size, channels]);
      return network.logits(x);
    });
    const logits = (await rows.data()) as Float32Array;
    rows.dispose();
    const { answers, undecided } = decide(logits, model.arch.classes);
    return QUARTER_TURNS.map(({ turns }, i) => ({
      degrees: 90 * turns,
      answer: model.classes[answers[i]],
      probability: probabilityOf(logits, model.arch.classes, i, answers[i]),
      undecided: undecided[i] === 1,
    }));
  } finally {
    network.dispose();
  }
}
