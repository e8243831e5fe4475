/** One picture of the reader's own, at the four quarter turns. */
import type { Picture } from '../data/decode';
import { boxAverage } from '../data/tiles';
import { BadInput } from '../errors';
import { normalisedTiles } from '../nn/batch';
import { openClassifier } from '../nn/classifier';
import type { AnyModel } from '../nn/model';
import * as tf from '../runtime/tf';
import { QUARTER_TURNS } from '../symmetry/group';
import { turnPictures } from '../symmetry/turn';
import { decide } from './decide';

export interface TurnAnswer {
  /** 0, 90, 180 or 270, counter-clockwise. */
  readonly degrees: number;
  readonly answer: string;
  /** Softmax probability of the answer. */
  readonly probability: number;
  /** Whether the two best answers are too close to call. */
  readonly undecided: boolean;
}

/**
 * A picture as one tile of `size` × `size` × 3 bytes: square, averaged down where it is a whole multiple.
 * Throws `BadInput` for any other shape.
 */
export function tileOf({ width, height, data }: Picture, size: number, name: string): Uint8Array {
  if (width !== height || width % size !== 0) {
    throw new BadInput(
      `"${name}" is ${width}×${height}: a tile has to be square, ${size}×${size} or a whole multiple of it. Crop it and try again.`,
    );
  }
  return boxAverage(data, height, width, 3, width / size);
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
    const [logits, shares] = tf.tidy(() => {
      const x = tf.tensor4d(stack, [4, size, size, channels]);
      const out = network.logits(x);
      return [out, tf.softmax(out)];
    });
    const { answers, undecided } = decide((await logits.data()) as Float32Array, model.arch.classes);
    const probabilities = await shares.data();
    tf.dispose([logits, shares]);
    return QUARTER_TURNS.map(({ turns }, i) => ({
      degrees: 90 * turns,
      answer: model.classes[answers[i]],
      probability: probabilities[i * model.arch.classes + answers[i]],
      undecided: undecided[i] === 1,
    }));
  } finally {
    network.dispose();
  }
}
