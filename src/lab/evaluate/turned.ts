/** A network's answer to one tile turned by any angle: exactly at right angles, by interpolation between them. */
import type { Classifier } from '../families/family';
import type { AnyModel } from '../nn/model';
import * as tf from '../runtime/tf';
import { turnByDegrees } from '../symmetry/anyAngle';
import { decide } from './decide';
import { probabilitiesOf } from './softmax';

export interface AngleAnswer {
  /** Counter-clockwise. */
  readonly degrees: number;
  /** Softmax probability of each class. */
  readonly probabilities: Float32Array;
  /** Index of the most probable class. */
  readonly answer: number;
  /** Whether the two best are too close to call, by the range of this tile's own logits (science §8). */
  readonly undecided: boolean;
}

/**
 * Answers at one angle. The tile goes through alone, so that the answer of a network in integers, which may find its
 * ranges over a batch, does not hang on what else is asked.
 *
 * @param upright size × size × channels values, normalised for this network.
 */
export async function answerAt(
  { arch }: Pick<AnyModel, 'arch'>,
  network: Classifier,
  upright: Float32Array,
  degrees: number,
): Promise<AngleAnswer> {
  const { size, channels } = arch.input;
  const turned = turnByDegrees(upright, size, channels, degrees);
  const row = tf.tidy(() => network.logits(tf.tensor4d(turned, [1, size, size, channels])));
  try {
    const logits = (await row.data()) as Float32Array;
    const { answers, undecided } = decide(logits, arch.classes);
    return {
      degrees,
      probabilities: Float32Array.from(probabilitiesOf(logits, arch.classes, 0)),
      answer: answers[0],
      undecided: undecided[0] === 1,
    };
  } finally {
    row.dispose();
  }
}
